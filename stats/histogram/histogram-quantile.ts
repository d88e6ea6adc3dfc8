import { requireFinite } from "../special/require-number.ts";
import { binValue } from "./bin.ts";
import type { Histogram } from "./histogram.ts";
import { totalOf } from "./histogram.ts";

/** The bin in which a quantile lies, for a level from 0 to 1; null for an empty histogram. */
export const quantileBin = (histogram: Histogram, level: number): number | null => {
  if (requireFinite("level", level) < 0 || level > 1) {
    throw new RangeError(`the level ${level} is not between 0 and 1`);
  }
  const rank = Math.max(level * totalOf(histogram), 1);
  let below = 0;
  const place = histogram.counts.findIndex((count) => {
    below += count;
    return below >= rank;
  });
  return histogram.bins[place] ?? histogram.bins.at(-1) ?? null;
};

/**
 * The value that a share of the values do not exceed, off by less than 1%; null for an empty histogram. Masson, Rim and Lee,
 * DDSketch, VLDB 2019, lemma 2; the same as the store's questions compute.
 */
export const histogramQuantile = (histogram: Histogram, level: number): number | null => {
  const bin = quantileBin(histogram, level);
  return bin === null ? null : binValue(bin);
};

/** How many values lie in bins above each of these: what test D counts. */
export const countsAbove = (histogram: Histogram, thresholds: readonly number[]): readonly number[] =>
  thresholds.map((threshold) =>
    histogram.counts.reduce(
      (sum, count, index) => ((histogram.bins[index] ?? threshold) > threshold ? sum + count : sum),
      0,
    ),
  );
