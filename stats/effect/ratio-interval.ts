import type { Interval } from "../bounds/bernoulli-interval.ts";
import type { ArmCounts } from "../evidence/rate-ratio.ts";
import { rateRatio } from "../evidence/rate-ratio.ts";
import type { GridState, SequentialTest } from "../evidence/sequential-test.ts";
import { logMeanExp } from "../special/log-sum-exp.ts";
import { at, requireShare } from "../special/require-number.ts";

const widest = Math.log(16);
const fineSteps = 40;

/**
 * Ratios from 1/16 to 16 in so many equal steps of their logarithm on either side of 1, without 1, at which the likelihood is 0.
 * Fewer steps make a smaller state and an interval that is somewhat wider, never narrower.
 */
export const intervalGrid = (steps: number): readonly number[] =>
  Array.from({ length: 2 * steps + 1 }, (_, index) => Math.exp(((index - steps) * widest) / steps)).filter(
    (_, index) => index !== steps,
  );

/** The likelihood of odds ratios in the buckets so far: what an interval is read from. */
export const ratioLikelihood: Pick<SequentialTest<GridState, ArmCounts>, "start" | "step"> = rateRatio({
  grid: intervalGrid(fineSteps),
});

/**
 * Interval for the odds ratio of canary and baseline that holds at all times at once, with probability 1 - alpha: the ratios
 * against which the mean likelihood of the grid is below 1/alpha. The state is that of a test on an `intervalGrid`. 0 or Infinity
 * where the grid ends before the interval does. Robbins 1970; Howard and others, arXiv 1810.08240.
 */
export const ratioInterval = (state: GridState, alpha: number): Interval => {
  requireShare("alpha", alpha);
  const steps = state.length / 2;
  const logs = [...state.slice(0, steps), 0, ...state.slice(steps)];
  const bound = logMeanExp(logs) + Math.log(alpha);
  const logOf = (place: number): number => ((place - steps) * widest) / steps;
  const down = logOf(lastInside(logs.toReversed(), bound));
  const up = logOf(lastInside(logs, bound));
  return { low: Math.exp(-down), high: Math.exp(up) };
};

/**
 * The place of the upper end: the likelihood is concave in ln of the ratio, so that beyond the last ratio inside it lies below the
 * line through the last two. The end is where that line crosses the bound, or the next ratio of the grid, whichever comes first.
 */
const lastInside = (logs: readonly number[], bound: number): number => {
  const last = logs.findLastIndex((log) => log > bound);
  if (last === logs.length - 1) {
    return Number.POSITIVE_INFINITY;
  }
  const fall = last > 0 ? at(logs, last - 1) - at(logs, last) : 0;
  const share = fall > 0 ? Math.min(1, (at(logs, last) - bound) / fall) : 1;
  return last + share;
};
