import { streamDrift, tiltedShares } from "../../stats/evidence/stream-drift.ts";
import { normalDensity, normalQuantile } from "../../stats/special/normal.ts";
import type { StreamDetector } from "./peers/stream-detector.ts";

const bins = 20;
const tilts = [0.1, 0.2, 0.4, 0.8, -0.1, -0.2, -0.4, -0.8] as const;
/** Ratios of a rate with their weights: a rate that doubles or trebles is what a flag is watched for. */
const ratios = [
  { ratio: 1.5, weight: 2 / 11 },
  { ratio: 2, weight: 3 / 11 },
  { ratio: 3, weight: 5 / 11 },
  { ratio: 0.5, weight: 1 / 11 },
] as const;

/** Test I request by request on 20 equal shares of a standard normal distribution that is known, with 8 shifts of it. */
export const ourNumberStream = (threshold: number): (() => StreamDetector) => {
  const borders = Array.from({ length: bins - 1 }, (_, index) => normalQuantile((index + 1) / bins));
  const density = (border: number | undefined): number => (border === undefined ? 0 : normalDensity(border));
  const scores = Array.from({ length: bins }, (_, bin) => (density(borders[bin - 1]) - density(borders[bin])) * bins);
  const shares = scores.map(() => 1 / bins);
  const alternatives = tilts.map((tilt) => tiltedShares(shares, scores, tilt));
  const binOf = (value: number): number => {
    let [low, high] = [0, bins - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > (borders[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return ourStream({ shares, alternatives, threshold, binOf });
};

/** Test I request by request on a flag whose rate is known, with 4 ratios of it. */
export const ourFlagStream = (rate: number, threshold: number): (() => StreamDetector) =>
  ourStream({
    shares: [1 - rate, rate],
    alternatives: ratios.map(({ ratio }) => [1 - rate * ratio, rate * ratio]),
    weights: ratios.map(({ weight }) => weight),
    threshold,
    binOf: (value) => value,
  });

const ourStream = (args: {
  readonly shares: readonly number[];
  readonly alternatives: readonly (readonly number[])[];
  readonly weights?: readonly number[];
  readonly threshold: number;
  readonly binOf: (value: number) => number;
}): (() => StreamDetector) => {
  const { start, step, logEvidence } = streamDrift(args);
  const bound = Math.log(args.threshold);
  return () => {
    let state = start;
    return {
      add: (value) => {
        state = step(state, args.binOf(value));
        const isAlarm = logEvidence(state) >= bound;
        if (isAlarm) {
          state = start;
        }
        return isAlarm;
      },
    };
  };
};
