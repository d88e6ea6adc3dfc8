import { requireCount, requireFinite } from "../special/require-number.ts";

/** The value of a bucket, with what it is known by. */
export interface BucketValue {
  readonly value: number;
  /** Standard deviation that one observation adds to it: the value's own is this over the square root of the count. */
  readonly deviation: number;
  readonly count: number;
}

/**
 * The value of a rate for test I: ln((bad + 1/2) / (count - bad + 1/2)), which is finite for every count (Haldane 1956, Anscombe
 * 1956); null without an observation. Below about 5 bad events in a bucket it is skewed: take longer buckets.
 */
export const smoothedLogit = (bad: number, count: number): BucketValue | null => {
  if (requireCount("bad", bad) > requireCount("count", count)) {
    throw new RangeError(`${bad} of ${count} are bad`);
  }
  if (count === 0) {
    return null;
  }
  const value = Math.log((bad + 0.5) / (count - bad + 0.5));
  return { value, deviation: logitDeviation(value), count };
};

/** Standard deviation that one observation adds to a logit: 1 / sqrt(p (1 - p)) at the rate p that the logit stands for. */
export const logitDeviation = (logit: number): number => 2 * Math.cosh(requireFinite("logit", logit) / 2);
