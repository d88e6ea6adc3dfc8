import { logChoose } from "../special/log-gamma.ts";
import { logMeanExp, logSumExp } from "../special/log-sum-exp.ts";
import { requireCount, requireFinite, requireSome } from "../special/require-number.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";
import { addLogs } from "./sequential-test.ts";

/** Shifts, in standard deviations of a score, that are looked for; both directions. */
const shiftGrid: readonly number[] = [0.2, 0.5, 1, 2, -0.2, -0.5, -1, -2];

/** How often each score came in the answers of both arms. */
export interface ScoredArms {
  readonly scores: readonly number[];
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
}

/** Up to so many products the sum over all ways to label is worked out; beyond, it is bounded. */
const mostProducts = 40_000;
/** The sum grows as a binomial coefficient, and above this size of the smaller arm it might leave a double. */
const mostLabels = 128;

/**
 * Evidence that scores of the canary lie higher or lower than those of the baseline of the same bucket: exp(theta sum) of the
 * canary's scores over its mean when the labels of the pool are dealt at random, for each shift theta. Scores may depend on the
 * past and on the pool, never on labels. That mean is an elementary symmetric polynomial, worked out for small pools; for larger
 * ones it is at most the mean of exp(theta score) over the pool to the power of the smaller arm (Hoeffding 1963, theorem 4). A
 * bucket without one of the arms changes nothing.
 */
export const scoreTilt = (grid: readonly number[] = shiftGrid): SequentialTest<GridState, ScoredArms> => {
  for (const shift of requireSome("the grid", grid)) {
    requireFinite("a shift", shift);
  }
  return {
    start: grid.map(() => 0),
    step: (state, arms) => {
      const [canary, baseline] = [countIn(arms, arms.canary), countIn(arms, arms.baseline)];
      if (canary === 0 || baseline === 0) {
        return state;
      }
      // Either arm may be the one whose labels are dealt: the other's sum is what is left of the pool's.
      const isCanarySmaller = canary <= baseline;
      const dealt = isCanarySmaller ? arms.canary : arms.baseline;
      const pool = arms.scores.map((_, index) => (arms.canary[index] ?? 0) + (arms.baseline[index] ?? 0));
      const sum = arms.scores.reduce((total, score, index) => total + score * (dealt[index] ?? 0), 0);
      const labels = Math.min(canary, baseline);
      return addLogs(
        state,
        grid.map((shift) => {
          const tilt = isCanarySmaller ? shift : -shift;
          return tilt * sum - logMeanOfLabels({ scores: arms.scores, pool, labels }, tilt);
        }),
      );
    },
    logEvidence: logMeanExp,
  };
};

const countIn = ({ scores }: ScoredArms, counts: readonly number[]): number => {
  if (counts.length !== scores.length) {
    throw new RangeError(`there are ${scores.length} scores and ${counts.length} counts`);
  }
  return counts.reduce((total, count) => total + requireCount("a count", count), 0);
};

interface Dealing {
  readonly scores: readonly number[];
  readonly pool: readonly number[];
  readonly labels: number;
}

/** ln of the mean of exp(tilt sum) over all ways to deal the labels, or a bound above it. */
const logMeanOfLabels = ({ scores, pool, labels }: Dealing, tilt: number): number => {
  const size = pool.reduce((total, count) => total + count, 0);
  const logs = scores.map((score) => tilt * requireFinite("a score", score));
  if (labels > mostLabels || labels * size > mostProducts) {
    const logTotal = logSumExp(logs.map((log, index) => log + Math.log(pool[index] ?? 0)));
    return labels * (logTotal - Math.log(size));
  }
  // Around the pool's mean, so that neither tail of the sum is out of reach.
  const centre = logs.reduce((total, log, index) => total + log * (pool[index] ?? 0), 0) / size;
  const sums = new Float64Array(labels + 1);
  sums[0] = 1;
  for (const [index, log] of logs.entries()) {
    addFactors(sums, Math.exp(log - centre), pool[index] ?? 0);
  }
  return labels * centre + Math.log(sums[labels] ?? 0) - logChoose(size, labels);
};

/** Multiplies the polynomial of these coefficients by (1 + weight x), as many times as there are values of this weight. */
const addFactors = (sums: Float64Array, weight: number, times: number): void => {
  for (let time = 0; time < times; time += 1) {
    for (let degree = sums.length - 1; degree > 0; degree -= 1) {
      sums[degree] = (sums[degree] ?? 0) + weight * (sums[degree - 1] ?? 0);
    }
  }
};
