import { logOnePlus } from "../special/log-one-plus.ts";
import { logMeanExp } from "../special/log-sum-exp.ts";
import type { RatioSettings } from "./known-weight-ratio.ts";
import type { ArmCounts } from "./rate-ratio.ts";
import { rateRatio } from "./rate-ratio.ts";
import { harmGrid } from "./ratio-grid.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";

/**
 * Test B for a comparison without an end: the Shiryaev-Roberts statistic R <- (1 + R) e_t of its evidence in each bucket, averaged
 * over the grid, so that harm which begins after weeks of calm is found as soon as harm at the start. Alarm when `logEvidence`
 * reaches ln A, and begin again from `start`: the mean number of buckets between false alarms is then at least A. A bucket that
 * tells nothing is none. Shin, Ramdas and Rinaldo, New England Journal of Statistics in Data Science 2023, arXiv 2203.03532.
 */
export const rateRatioAlarm = (settings: RatioSettings = {}): SequentialTest<GridState, ArmCounts> => {
  const bucket = rateRatio({ ...settings, grid: settings.grid ?? harmGrid });
  return {
    start: bucket.start,
    step: (state, arms) => {
      const gained = bucket.step(bucket.start, arms);
      return gained === bucket.start ? state : state.map((log, index) => logOnePlus(log + (gained[index] ?? 0)));
    },
    // The state holds ln(1 + R): at the start R is 0.
    logEvidence: (state) =>
      logMeanExp(state.map((log) => (log === 0 ? Number.NEGATIVE_INFINITY : log + Math.log(-Math.expm1(-log))))),
  };
};
