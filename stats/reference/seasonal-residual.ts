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
  /** By how much history says that residuals are to be shrunk; at least 1. */
  readonly scale?: number;
}

/** Residuals are cut here: one bucket alone must not raise an alarm. */
export const residualLimit = 4;

/**
 * The residual r of test I: how many standard deviations a bucket is from what its hour of the week has been, within +-4. A bucket
 * of a series that never varied (variance 0) has 0 or a limit. RangeError for a count that is not above 0 or a negative variance.
 */
export const seasonalResidual = ({
  value,
  expected,
  deviation,
  count,
  overdispersion,
  scale = 1,
}: Observed): number => {
  const distance = requireFinite("value", value) - requireFinite("expected", expected);
  const sampling = requireNonNegative("deviation", deviation) ** 2 / requirePositive("count", count);
  const variance = sampling + requireNonNegative("overdispersion", overdispersion);
  if (distance === 0) {
    return 0;
  }
  const residual = distance / Math.sqrt(variance) / requirePositive("scale", scale);
  return Math.min(Math.max(residual, -residualLimit), residualLimit);
};
