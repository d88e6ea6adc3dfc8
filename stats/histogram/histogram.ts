import { requireCount } from "../special/require-number.ts";
import { zeroBin } from "./bin.ts";

/** Counts of values by bin. Bins ascend, and every count is above 0; plain data, exact to merge and to subtract. */
export interface Histogram {
  readonly bins: readonly number[];
  readonly counts: readonly number[];
}

/** The histogram of no value. */
export const emptyHistogram: Histogram = { bins: [], counts: [] };

/**
 * A histogram of bins with their counts, in any order; counts of the same bin add up. RangeError for a bin that is no 16-bit
 * integer or a count that is no count, TypeError for NaN.
 */
export const histogramOf = (entries: Iterable<readonly [bin: number, count: number]>): Histogram => {
  const counts = new Map<number, number>();
  for (const [bin, count] of entries) {
    if (!Number.isInteger(bin) || bin < zeroBin || bin >= -zeroBin) {
      throw new RangeError(`${bin} is no bin`);
    }
    counts.set(bin, (counts.get(bin) ?? 0) + requireCount("the count of a bin", count));
  }
  const kept = [...counts].filter(([, count]) => count > 0).toSorted(([a], [b]) => a - b);
  return { bins: kept.map(([bin]) => bin), counts: kept.map(([, count]) => count) };
};

/** Number of values in a histogram. */
export const totalOf = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0);
