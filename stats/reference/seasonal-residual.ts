import { requireFinite, requireNonNegative, requirePositive } from "../special/require-number.ts";

/** A bucket's value, and what is known of its reference. */
export interface Observed {
  readonly value: number;
  /** What the reference expects at this hour of the week. */
  readonly expected: number;
  /** Standard deviation of one observation. */
  readonly deviation: number;
  /** Observations in the bucket. */
  readonly count: number;
  /** Variance between buckets beyond sampling (tau squared). */
  readonly overdispersion: number;
}

/** Residuals are cut here: one bucket alone must not raise an alarm. */
export const residualLimit = 4;

/**
 * The residual of a bucket before what neighbouring hours have in common is taken out (`innovationOf`): how many standard
 * deviations it is from what its hour of the week has been, within +-4; 0 or a limit for a series that never varied. RangeError for a count that is not above 0 or a negative variance.
 */
export const seasonalResidual = ({ value, expected, deviation, count, overdispersion }: Observed): number => {
  const distance = requireFinite("value", value) - requireFinite("expected", expected);
  const sampling = requireNonNegative("deviation", deviation) ** 2 / requirePositive("count", count);
  const variance = sampling + requireNonNegative("overdispersion", overdispersion);
  if (distance === 0) {
    return 0;
  }
  const residual = distance / Math.sqrt(variance);
  return Math.min(Math.max(residual, -residualLimit), residualLimit);
};
