import { logMeanExp } from "../special/log-sum-exp.ts";
import { requireCount } from "../special/require-number.ts";
import type { RatioSettings } from "./known-weight-ratio.ts";
import { rateRatio } from "./rate-ratio.ts";
import { exceedanceGrid } from "./ratio-grid.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";

/** Levels of the baseline's quantiles that serve as thresholds, frozen when a rollout starts. */
export const exceedanceLevels: readonly number[] = [0.5, 0.75, 0.9, 0.95, 0.99];

/** Requests of both arms in one bucket, and how many of them were above each threshold. */
export interface Exceedances {
  readonly canary: number;
  readonly baseline: number;
  /** One number for each threshold, in the order of the thresholds. */
  readonly canaryAbove: readonly number[];
  readonly baselineAbove: readonly number[];
}

/**
 * Test D: evidence that values of the canary exceed thresholds of the baseline more often: test B on each threshold, and the mean
 * of their evidence, which is evidence again because all are conditional on the same past and pooled outcomes.
 */
export const exceedance = (
  thresholds: number,
  settings: RatioSettings = {},
): SequentialTest<readonly GridState[], Exceedances> => {
  if (requireCount("thresholds", thresholds) === 0) {
    throw new RangeError("a test without a threshold");
  }
  const test = rateRatio({ grid: exceedanceGrid, ...settings });
  return {
    start: Array.from({ length: thresholds }, () => test.start),
    step: (states, { canary, baseline, canaryAbove, baselineAbove }) => {
      if (canaryAbove.length !== thresholds || baselineAbove.length !== thresholds || states.length !== thresholds) {
        throw new RangeError(`there are ${thresholds} thresholds and not as many numbers`);
      }
      return states.map((state, index) =>
        test.step(state, {
          canary,
          baseline,
          canaryBad: canaryAbove[index] ?? 0,
          baselineBad: baselineAbove[index] ?? 0,
        }),
      );
    },
    logEvidence: (states) => logMeanExp(states.map(test.logEvidence)),
  };
};
