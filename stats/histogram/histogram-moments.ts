import { binValue } from "./bin.ts";
import type { Histogram } from "./histogram.ts";
import { totalOf } from "./histogram.ts";

/** Number, mean and standard deviation of the values of a histogram. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Square root of the mean squared distance from the mean. */
  readonly deviation: number;
}

/** Moments of a histogram, its mean off by less than 1%; null when it is empty. */
export const histogramMoments = (histogram: Histogram): Moments | null => {
  const count = totalOf(histogram);
  if (count === 0) {
    return null;
  }
  const meanOf = (score: (value: number) => number): number =>
    histogram.bins.reduce((sum, bin, index) => sum + (histogram.counts[index] ?? 0) * score(binValue(bin)), 0) / count;
  const mean = meanOf((value) => value);
  return { count, mean, deviation: Math.sqrt(meanOf((value) => (value - mean) ** 2)) };
};
