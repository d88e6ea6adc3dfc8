import type { Histogram } from "../histogram/histogram.ts";
import { histogramQuantile } from "../histogram/histogram-quantile.ts";

/**
 * By what share a quantile of the current sample is above that of the reference: 0.1 is 10% more. Null when a sample is empty or
 * the reference's quantile is 0. Bins make it wrong by up to 0.02.
 */
export const quantileShift = (reference: Histogram, current: Histogram, level: number): number | null => {
  const before = histogramQuantile(reference, level);
  const now = histogramQuantile(current, level);
  return before === null || now === null || before === 0 ? null : now / before - 1;
};
