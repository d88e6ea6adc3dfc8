import { requireShare } from "../special/require-number.ts";

/**
 * Test J for a snapshot of many tests: the places in the list, ascending, of those to be believed, so that the expected share of
 * false ones among them is at most alpha, whatever depends on what: e-BH, the k largest for the largest k with
 * e_(k) >= m / (alpha k). Wang and Ramdas, JRSS-B 2022, arXiv 2009.02824. The list holds ln of each evidence; TypeError for NaN.
 */
export const selectEvidence = (logEvidences: readonly number[], alpha: number): readonly number[] => {
  requireShare("alpha", alpha);
  if (logEvidences.some(Number.isNaN)) {
    throw new TypeError("the evidence of a test is not a number");
  }
  const needed = (count: number): number => Math.log(logEvidences.length / (alpha * count));
  const descending = logEvidences
    .map((log, index) => ({ log, index }))
    .toSorted((a, b) => (a.log === b.log ? a.index - b.index : b.log - a.log));
  const count = descending.findLastIndex(({ log }, place) => log >= needed(place + 1)) + 1;
  return descending
    .slice(0, count)
    .map(({ index }) => index)
    .toSorted((a, b) => a - b);
};
