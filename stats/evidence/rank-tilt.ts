import { logSumExp } from "../special/log-sum-exp.ts";
import { requireShare } from "../special/require-number.ts";
import { bothWays } from "./ratio-grid.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";
import { addLogs } from "./sequential-test.ts";

/**
 * Shifts of normal scores that are bet on, in deviations, in both directions. The weight of each is in inverse proportion to its
 * size: a large shift is found within a few values, whatever its weight.
 */
const shifts: readonly number[] = [0.2, 0.4, 0.8, 1.6].flatMap((shift) => [shift, -shift]);
const shiftWeights: readonly number[] = shifts.map((shift) => 1 / Math.abs(shift));
const totalOfShifts = shiftWeights.reduce((sum, weight) => sum + weight, 0);
/** Shares above which ranks become more or less frequent, and the odds ratios that are bet on for each. */
const levels = [0.5, 0.75, 0.9, 0.95, 0.99] as const;
const ratios = bothWays([1.4, 2.5, 5, 10]);
/** Of the evidence the weight of a shift of all ranks; the rest is for the levels. */
const weightOfShift = 2 / 3;

const logWeights: readonly number[] = [
  ...shiftWeights.map((weight) => Math.log((weightOfShift * weight) / totalOfShifts)),
  ...levels.flatMap(() => ratios.map(() => Math.log((1 - weightOfShift) / (levels.length * ratios.length)))),
];

/**
 * Evidence that ranks are not uniform from 0 to 1: for each shift exp(shift z - shift^2 / 2), z the normal score of a rank, and
 * for each level and odds ratio the likelihood ratio of a rank above the level; mixed over all. An observation is the ranks of a
 * bucket, strictly between 0 and 1.
 */
export const rankTilt = (): SequentialTest<GridState, readonly number[]> => ({
  start: logWeights.map(() => 0),
  step: (state, ranks) => {
    let score = 0;
    for (const rank of ranks) {
      score += scoreOf(requireShare("a rank", rank));
    }
    return addLogs(state, [
      ...shifts.map((shift) => shift * score - ranks.length * logMeanOf(shift)),
      ...levels.flatMap((level) => {
        const above = ranks.reduce((sum, rank) => sum + (rank > level ? 1 : 0), 0);
        return ratios.map((ratio) => above * Math.log(ratio) - ranks.length * Math.log(level + (1 - level) * ratio));
      }),
    ]);
  },
  logEvidence: (state) => logSumExp(addLogs(state, logWeights)),
});

/** A uniform rank as a score of mean 0 and deviation 1. */
const scoreOf = (rank: number): number => Math.sqrt(12) * (rank - 1 / 2);

/** ln of the mean of exp(shift score) over uniform ranks. */
const logMeanOf = (shift: number): number => Math.log(Math.sinh(Math.sqrt(3) * shift) / (Math.sqrt(3) * shift));
