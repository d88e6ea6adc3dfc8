import type { HourValue } from "../../stats/reference/fit-season.ts";
import type { Noise } from "./noise.ts";
import { noiseFrom } from "./noise.ts";

/** Requests of an hour. */
const requestsPerHour = 1_000;
/** Weeks of history before what is watched. */
const historyWeeks = 5;
/** Hours of a week. */
export const weekHours = 168;
const firstHour = 490_056;

/** What moves the mean of an hour besides chance, in standard deviations of one request. */
export interface HourEffects {
  /** Standard deviation of an effect that every hour has of its own. */
  readonly tau: number;
  /** Amplitude of a daily cycle. */
  readonly daily: number;
}

/** The hours of a series: some weeks of history, then those that are watched. */
export interface HourSeries {
  readonly history: readonly HourValue[];
  readonly watched: readonly HourValue[];
  readonly noise: Noise;
}

/**
 * Makes the hours of a series: the mean of requests with a standard deviation of 1. A week is watched, and where there is a shift a
 * second one, in which every mean is moved by it.
 */
export const hoursOf = (effects: HourEffects, shift: number, seed: string): HourSeries => {
  const noise = noiseFrom(seed);
  const split = historyWeeks * weekHours;
  const moved = split + weekHours;
  const hours = Array.from({ length: shift === 0 ? moved : moved + weekHours }, (_, index) => {
    const hour = firstHour + index;
    const daily = effects.daily * Math.sin((2 * Math.PI * hour) / 24);
    const chance = effects.tau * noise.normal() + noise.normal() / Math.sqrt(requestsPerHour);
    return { hour, value: daily + chance + (index < moved ? 0 : shift), deviation: 1, count: requestsPerHour };
  });
  return { history: hours.slice(0, split), watched: hours.slice(split), noise };
};

/** The requests of an hour, whose mean is the hour's. */
export const requestsOf = ({ value }: HourValue, { normal }: Noise, count = requestsPerHour): Float64Array => {
  const values = Float64Array.from({ length: count }, normal);
  const mean = values.reduce((sum, one) => sum + one, 0) / count;
  return values.map((one) => one - mean + value);
};
