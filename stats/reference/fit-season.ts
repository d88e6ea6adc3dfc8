import { mean } from "simple-statistics";
import { at, requireFinite, requireNonNegative, requirePositive } from "../special/require-number.ts";
import type { HourDistance } from "./innovation.ts";
import { innovationOf, persistenceOf } from "./innovation.ts";
import { residualScale } from "./residual-scale.ts";
import { seasonCentres } from "./season-centres.ts";
import { seasonalResidual } from "./seasonal-residual.ts";
import type { BucketValue } from "./smoothed-logit.ts";

/** The value of one hour. */
export interface HourValue extends BucketValue {
  /** Whole hours since the Unix epoch, or any other fixed hour. */
  readonly hour: number;
}

/** Hours that are no reference: from the first up to, not including, the second. */
export interface Excluded {
  readonly from: number;
  readonly until: number;
}

/** What a series is compared with. */
export interface SeasonReference {
  /** Expected value of each hour of the week; hour h is at h modulo 168. */
  readonly expected: readonly number[];
  /** Standard deviation that one observation adds to a value. */
  readonly deviation: number;
  /** Variance between buckets beyond sampling (tau squared); what the fit itself is off by is in it. */
  readonly overdispersion: number;
  /** How much of an hour's distance the next hour keeps, from 0 to 0.95. */
  readonly persistence: number;
  /** By how much residuals are to be shrunk, at least 1: see `residualScale`. */
  readonly scale: number;
  /** How far an hour of the week may differ from its hour of the day: from 0, not at all, to 1, freely. */
  readonly freedom: number;
  /** Hours that it rests on. */
  readonly hours: number;
  /** What each of these hours had that was new, before shrinking, when its own week was left out: to be replayed for false alarms. */
  readonly residuals: readonly number[];
}

const weekHours = 168;
const leastHours = 168;
const freedoms = [0, 0.25, 0.5, 0.75, 1];

/**
 * Fits what each hour of the week is expected to be: the median over weeks, shrunk towards the median of its hour of the day by
 * what predicts a left-out week best. All variances are of left-out weeks, never of the hours that were fitted. Hours of incidents
 * are left out. Null with fewer than 168 hours or within a single week: there is nothing to compare with yet.
 */
export const fitSeason = (hours: readonly HourValue[], excluded: readonly Excluded[] = []): SeasonReference | null => {
  const kept = hours
    .map(checkHour)
    .filter(({ hour }) => !excluded.some(({ from, until }) => hour >= from && hour < until));
  const weeks = weeksOf(kept);
  if (kept.length < leastHours || new Set(weeks).size < 2) {
    return null;
  }
  const attempts = freedoms.map((freedom) => ({ freedom, errors: leftOutErrors(kept, weeks, freedom) }));
  const best = attempts.reduce((a, b) => (squareMean(b.errors) < squareMean(a.errors) ? b : a));
  const sampling = kept.map(({ deviation, count }) => (deviation * deviation) / count);
  const overdispersion = Math.max(0, squareMean(best.errors) - mean(sampling));
  const distances = kept.map(({ hour, value, deviation, count }, index) => {
    const expected = value - (best.errors[index] ?? 0);
    return { hour, distance: seasonalResidual({ value, expected, deviation, count, overdispersion }) };
  });
  const persistence = persistenceOf(distances);
  const residuals = innovationsOf(distances, persistence);
  return {
    expected: seasonCentres(kept, best.freedom),
    deviation: Math.sqrt(mean(kept.map(({ deviation }) => deviation * deviation))),
    overdispersion,
    persistence,
    scale: residualScale(residuals),
    freedom: best.freedom,
    hours: kept.length,
    residuals,
  };
};

const innovationsOf = (history: readonly HourDistance[], persistence: number): readonly number[] => {
  const byHour = new Map(history.map((one) => [one.hour, one]));
  return history.map((one) => innovationOf(one, byHour.get(one.hour - 1) ?? null, { persistence, scale: 1 }));
};

const checkHour = (hour: HourValue): HourValue => {
  if (!Number.isSafeInteger(requireFinite("hour", hour.hour))) {
    throw new RangeError(`${hour.hour} is no whole hour`);
  }
  requireFinite("value", hour.value);
  requireNonNegative("deviation", hour.deviation);
  requirePositive("count", hour.count);
  return hour;
};

/** Which week of the history each hour is in, counted from the first. */
const weeksOf = (hours: readonly HourValue[]): readonly number[] => {
  const first = hours.reduce((low, { hour }) => Math.min(low, hour), Number.POSITIVE_INFINITY);
  return hours.map(({ hour }) => Math.floor((hour - first) / weekHours));
};

/** What each hour is off by when it is predicted from the other weeks, in the order of the hours. */
const leftOutErrors = (hours: readonly HourValue[], weeks: readonly number[], freedom: number): readonly number[] => {
  const predictions = new Map(
    [...new Set(weeks)].map((left) => [
      left,
      seasonCentres(
        hours.filter((_, index) => weeks[index] !== left),
        freedom,
      ),
    ]),
  );
  return hours.map(({ hour, value }, index) => value - at(predictions.get(weeks[index] ?? 0) ?? [], placeInWeek(hour)));
};

/** Place of an hour in the week, from 0 to 167. */
const placeInWeek = (hour: number): number => ((hour % weekHours) + weekHours) % weekHours;

const squareMean = (values: readonly number[]): number => mean(values.map((value) => value * value));
