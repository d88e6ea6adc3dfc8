import type { Histogram } from "../histogram/histogram.ts";
import { totalOf } from "../histogram/histogram.ts";
import { normalDensity, normalQuantile } from "../special/normal.ts";
import { at } from "../special/require-number.ts";
import type { BucketValue } from "./smoothed-logit.ts";

/** Scores of values by where they lie in a reference: mean 0 and variance of about 1 over the reference itself. */
export interface NormalScores {
  /** Bins of the reference, ascending. */
  readonly bins: readonly number[];
  /** Score of each bin: the mean of the standard normal distribution over the bin's share of it. */
  readonly scores: readonly number[];
  /** Score of a value between a bin and the one before it; the first is that of a value below all. */
  readonly between: readonly number[];
  /** Standard deviation of the scores over the reference. */
  readonly deviation: number;
}

/** Normal scores of a reference with ties (van der Waerden 1952, with the mean score of each tie); null when it is empty. */
export const normalScores = (reference: Histogram): NormalScores | null => {
  const total = totalOf(reference);
  if (total === 0) {
    return null;
  }
  let below = 0;
  const borders = reference.counts.map((count) => {
    const place = below / total;
    below += count;
    return place === 0 ? Number.NEGATIVE_INFINITY : normalQuantile(place);
  });
  const density = (border: number | undefined): number =>
    border === undefined || !Number.isFinite(border) ? 0 : normalDensity(border);
  const scores = reference.counts.map(
    (count, index) => ((density(borders[index]) - density(borders[index + 1])) * total) / count,
  );
  const squares = reference.counts.reduce((sum, count, index) => sum + count * at(scores, index) ** 2, 0);
  const between = borders.map((border, index) => (index === 0 ? at(scores, 0) : border));
  return { bins: reference.bins, scores, between, deviation: Math.sqrt(squares / total) };
};

/**
 * The value of numbers for test I: the mean of their normal scores, robust to any tail; null for an empty histogram. Values beyond
 * the reference count as its last bin, values between its bins as the border between them.
 */
export const meanNormalScore = (scores: NormalScores, histogram: Histogram): BucketValue | null => {
  const count = totalOf(histogram);
  if (count === 0) {
    return null;
  }
  let place = 0;
  const sum = histogram.bins.reduce((total, bin, index) => {
    while ((scores.bins[place] ?? Number.POSITIVE_INFINITY) < bin) {
      place += 1;
    }
    return total + at(histogram.counts, index) * scoreAt(scores, place, bin);
  }, 0);
  return { value: sum / count, deviation: scores.deviation, count };
};

/** Score of a bin, `place` being the first of the reference that is not below it. */
const scoreAt = (scores: NormalScores, place: number, bin: number): number => {
  if (place === scores.bins.length) {
    return at(scores.scores, place - 1);
  }
  return scores.bins[place] === bin ? at(scores.scores, place) : at(scores.between, place);
};
