import type { Histogram } from "../histogram/histogram.ts";
import { quantileBin } from "../histogram/histogram-quantile.ts";
import { requireCount } from "../special/require-number.ts";

/** Counts of two samples in the same cells. */
export interface AlignedCounts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Number of values of a category, by name. */
export type CategoryCounts = ReadonlyMap<string, number>;

/** Two sets of category counts in the order of the reference, categories that only the current one has last. */
export const alignCategories = (reference: CategoryCounts, current: CategoryCounts): AlignedCounts => {
  const names = [...new Set([...reference.keys(), ...current.keys()])];
  const counts = (of: CategoryCounts): readonly number[] =>
    names.map((name) => requireCount(`the count of ${name}`, of.get(name) ?? 0));
  return { reference: counts(reference), current: counts(current) };
};

/** Two histograms in all their bins, ascending. */
export const alignHistograms = (
  reference: Histogram,
  current: Histogram,
): AlignedCounts & { bins: readonly number[] } => {
  const bins = [...new Set([...reference.bins, ...current.bins])].toSorted((a, b) => a - b);
  const counts = (of: Histogram): readonly number[] => {
    const byBin = new Map(of.bins.map((bin, index) => [bin, of.counts[index] ?? 0]));
    return bins.map((bin) => byBin.get(bin) ?? 0);
  };
  return { bins, reference: counts(reference), current: counts(current) };
};

/**
 * Two histograms in cells that each hold about the same share of the reference; fewer than `parts` when values repeat, one when
 * the reference is empty.
 */
export const alignByQuantiles = (reference: Histogram, current: Histogram, parts = 10): AlignedCounts => {
  if (requireCount("parts", parts) === 0) {
    throw new RangeError("histograms cannot be aligned in no part");
  }
  const levels = Array.from({ length: parts - 1 }, (_, index) => (index + 1) / parts);
  const edges = [...new Set(levels.map((level) => quantileBin(reference, level) ?? 0))];
  const isLastFull = reference.bins.at(-1) !== edges.at(-1);
  const inner = isLastFull ? edges : edges.slice(0, -1);
  const counts = (of: Histogram): readonly number[] => {
    const sums = Array.from({ length: inner.length + 1 }, () => 0);
    for (const [index, bin] of of.bins.entries()) {
      const cell = inner.filter((edge) => edge < bin).length;
      sums[cell] = (sums[cell] ?? 0) + (of.counts[index] ?? 0);
    }
    return sums;
  };
  return { reference: counts(reference), current: counts(current) };
};
