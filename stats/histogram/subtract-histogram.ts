import type { Histogram } from "./histogram.ts";

/**
 * What remains of a histogram without the values of another that was merged into it. RangeError when it does not hold as many
 * values of a bin: then the other was never in it.
 */
export const subtractHistogram = (whole: Histogram, part: Histogram): Histogram => {
  const taken = new Map(part.bins.map((bin, index) => [bin, part.counts[index] ?? 0]));
  const bins: number[] = [];
  const counts: number[] = [];
  for (const [index, bin] of whole.bins.entries()) {
    const rest = (whole.counts[index] ?? 0) - (taken.get(bin) ?? 0);
    taken.delete(bin);
    if (rest < 0) {
      throw new RangeError(`bin ${bin} has ${-rest} values less than are to be subtracted`);
    }
    if (rest > 0) {
      bins.push(bin);
      counts.push(rest);
    }
  }
  if (taken.size > 0) {
    throw new RangeError(`${taken.size} bins are to be subtracted that the histogram does not have`);
  }
  return { bins, counts };
};
