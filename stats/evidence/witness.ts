import { at, requireFinite, requirePositive, requireSome } from "../special/require-number.ts";
import type { BettingState } from "./betting.ts";
import { betting } from "./betting.ts";
import type { SequentialTest } from "./sequential-test.ts";

/** Sum of the embeddings of some answers, and how many they were. */
export interface VectorSum {
  readonly count: number;
  readonly sum: ArrayLike<number>;
}

/** The direction in which the arms differed so far, of length 1, and the place half way between them on it. */
export interface Witness {
  readonly direction: readonly number[];
  readonly centre: number;
}

/**
 * The witness of a difference between two arms, to be used only on answers that came later; null while the means are the same.
 * RangeError for an arm without answers or for vectors of different length.
 */
export const witnessOf = (canary: VectorSum, baseline: VectorSum): Witness | null => {
  requirePositive("answers of the canary", canary.count);
  requirePositive("answers of the baseline", baseline.count);
  if (canary.sum.length !== baseline.sum.length) {
    throw new RangeError(`vectors of ${canary.sum.length} and ${baseline.sum.length} numbers`);
  }
  const mean = ({ sum, count }: VectorSum, index: number): number =>
    requireFinite("a number of a vector", at(sum, index)) / count;
  const places = Array.from({ length: canary.sum.length }, (_, index) => index);
  const difference = places.map((index) => mean(canary, index) - mean(baseline, index));
  const length = Math.sqrt(difference.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) {
    return null;
  }
  const direction = difference.map((value) => value / length);
  const half = places.reduce((sum, i) => sum + at(direction, i) * (mean(canary, i) + mean(baseline, i)), 0) / 2;
  return { direction, centre: half };
};

const reach = 0.25;

/** Where an answer lies along a witness, from -1/4 (as the baseline) to 1/4 (as the canary): the only number of it to be kept. */
export const witnessScore = ({ direction, centre }: Witness, vector: ArrayLike<number>): number => {
  if (vector.length !== direction.length) {
    throw new RangeError(`a vector of ${vector.length} numbers and a direction of ${direction.length}`);
  }
  const along = direction.reduce((sum, value, index) => sum + value * at(vector, index), 0);
  return Math.min(Math.max(requireFinite("a number of a vector", along) - centre, -reach), reach);
};

/** The score of one answer of the canary, and those of answers of the baseline that no other answer is compared with. */
export interface MatchedScore {
  readonly score: number;
  readonly baseline: readonly number[];
}

/**
 * Test G: evidence that embeddings of the canary differ from those of the baseline of the same bucket: the betting test on twice
 * the difference of scores along a witness that was fixed before. Shekhar and Ramdas, arXiv 2112.09162.
 */
export const witnessBetting = (): SequentialTest<BettingState, MatchedScore> => {
  const test = betting({ cap: 0.9 });
  return {
    ...test,
    step: (state, { score, baseline }) => {
      const sum = requireSome("baseline", baseline).reduce((total, one) => total + checkScore(one), 0);
      return test.step(state, 2 * (checkScore(score) - sum / baseline.length));
    },
  };
};

const checkScore = (score: number): number => {
  if (Math.abs(requireFinite("a score", score)) > reach) {
    throw new RangeError(`the score ${score} is not between -${reach} and ${reach}`);
  }
  return score;
};
