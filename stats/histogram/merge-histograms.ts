import { zeroBin } from "./bin.ts";
import type { Histogram } from "./histogram.ts";
import { emptyHistogram } from "./histogram.ts";

/** The histogram of the values of all histograms together, in time proportional to their bins. */
export const mergeHistograms = (histograms: Iterable<Histogram>): Histogram => {
  const all = [...histograms].filter(({ bins }) => bins.length > 0);
  const [low, high] = rangeOf(all);
  if (all.length === 0) {
    return emptyHistogram;
  }
  const sums = new Float64Array(Math.max(0, high - low + 1));
  let zeros = 0;
  for (const { bins, counts } of all) {
    for (let index = 0; index < bins.length; index += 1) {
      const bin = bins[index] ?? zeroBin;
      const count = counts[index] ?? 0;
      if (bin === zeroBin) {
        zeros += count;
      } else {
        sums[bin - low] = (sums[bin - low] ?? 0) + count;
      }
    }
  }
  return fromSums(sums, low, zeros);
};

/** Lowest and highest bin but for the zero bin, which lies far away from the others. */
const rangeOf = (histograms: readonly Histogram[]): readonly [number, number] => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { bins } of histograms) {
    const first = bins[0] === zeroBin ? bins[1] : bins[0];
    low = Math.min(low, first ?? low);
    high = first === undefined ? high : Math.max(high, bins.at(-1) ?? high);
  }
  return low > high ? [0, -1] : [low, high];
};

const fromSums = (sums: Float64Array, low: number, zeros: number): Histogram => {
  const bins: number[] = zeros > 0 ? [zeroBin] : [];
  const counts: number[] = zeros > 0 ? [zeros] : [];
  for (let index = 0; index < sums.length; index += 1) {
    const count = sums[index] ?? 0;
    if (count > 0) {
      bins.push(low + index);
      counts.push(count);
    }
  }
  return { bins, counts };
};
