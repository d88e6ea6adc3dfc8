import { logMeanExp } from "../special/log-sum-exp.ts";
import { at, requireFinite, requirePositive } from "../special/require-number.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";
import { addLogs } from "./sequential-test.ts";
import type { VectorSum, Witness } from "./witness.ts";

/** Scores are cut off here, where their distribution is no longer known. */
const reach = 4;
/** Sizes of a difference that are bet on, in deviations of a block. */
const tilts = [0.25, 0.5, 1, 2] as const;
/** Answers that are all the same still differ by what is rounded off their vectors, which have the length 1. */
const leastVariance = 1e-4;

/**
 * How far two blocks of answers are apart along a witness that was fixed before, in the direction of the candidate, in deviations of
 * such a difference when they are of one kind; within +-4. `variance` is that of one answer along the witness.
 */
export const blockScore = (args: {
  readonly witness: Witness;
  readonly candidate: VectorSum;
  readonly baseline: VectorSum;
  readonly variance: number;
}): number => {
  const { witness, candidate, baseline } = args;
  const variance = requirePositive("variance", args.variance) * (1 / candidate.count + 1 / baseline.count);
  const difference = meanAlong(witness, candidate) - meanAlong(witness, baseline);
  return Math.min(Math.max(difference / Math.sqrt(variance), -reach), reach);
};

/**
 * The variance of one answer along a witness, from the means of blocks: what moves a whole block, such as its hour, counts as well.
 * It is raised by its own standard error, since it stands for the truth in a bound. RangeError for fewer than 3 blocks.
 */
export const blockVariance = (witness: Witness, blocks: readonly VectorSum[]): number => {
  if (blocks.length < 3) {
    throw new RangeError(`${blocks.length} blocks: a variance needs 3`);
  }
  const placed = blocks.map((block) => ({ count: block.count, mean: meanAlong(witness, block) }));
  const total = placed.reduce((sum, { count }) => sum + count, 0);
  const centre = placed.reduce((sum, { count, mean }) => sum + count * mean, 0) / total;
  const squares = placed.reduce((sum, { count, mean }) => sum + count * (mean - centre) ** 2, 0);
  const degrees = blocks.length - 1;
  return Math.max(leastVariance, (squares / degrees) * (1 + Math.sqrt(2 / degrees)));
};

/** Where the mean of a block lies along a witness. */
export const meanAlong = ({ direction }: Witness, { sum, count }: VectorSum): number => {
  if (sum.length !== direction.length) {
    throw new RangeError(`vectors of ${sum.length} and ${direction.length} numbers`);
  }
  let along = 0;
  for (let index = 0; index < direction.length; index += 1) {
    along += at(direction, index) * at(sum, index);
  }
  return requireFinite("a number of a vector", along) / requirePositive("answers of a block", count);
};

/**
 * Test G where only sums of blocks are kept: evidence that blocks of the candidate lie further along a witness than those of the
 * baseline with which they are compared; each block is compared once, by a witness of earlier ones. Its steps are `blockScore`s. They
 * must be sub-Gaussian with variance 1 while nothing differs, as in test I. Shekhar and Ramdas, arXiv 2112.09162; Robbins 1970.
 */
export const blockWitness = (): SequentialTest<GridState, number> => ({
  start: tilts.map(() => 0),
  step: (state, score) => {
    const cut = Math.min(Math.max(requireFinite("score", score), -reach), reach);
    return addLogs(
      state,
      tilts.map((tilt) => tilt * cut - tilt ** 2 / 2),
    );
  },
  logEvidence: logMeanExp,
});
