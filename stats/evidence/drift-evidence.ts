import { logOnePlus } from "../special/log-one-plus.ts";
import { logMeanExp } from "../special/log-sum-exp.ts";
import { requireFinite, requireSome } from "../special/require-number.ts";
import type { SequentialTest } from "./sequential-test.ts";

/** Shifts, in standard deviations of a residual, that drift is looked for at; both directions. */
export const driftGrid: readonly number[] = [0.5, 1, 2, -0.5, -1, -2];

/** State of test I: ln(1 + R) at each shift of the grid, 0 at the start and finite for ever. */
export type DriftState = readonly number[];

/**
 * Test I: the Shiryaev-Roberts statistic of a series, R <- (1 + R) exp(theta r - theta^2 / 2) for each shift theta, averaged over
 * the grid. `logEvidence` is ln of that mean, -Infinity at the start. Alarm when it reaches ln A, and begin again from `start`: the
 * mean time between false alarms is then at least A buckets, when residuals are sub-Gaussian with variance 1 given the past.
 * Shin, Ramdas and Rinaldo, New England Journal of Statistics in Data Science 2023, arXiv 2203.03532.
 */
export const driftEvidence = (grid: readonly number[] = driftGrid): SequentialTest<DriftState, number> => {
  for (const shift of requireSome("the grid", grid)) {
    requireFinite("a shift", shift);
  }
  return {
    start: grid.map(() => 0),
    step: (state, residual) => {
      requireFinite("residual", residual);
      if (state.length !== grid.length) {
        throw new RangeError(`the state has ${state.length} points and the grid ${grid.length}`);
      }
      return grid.map((shift, index) => logOnePlus((state[index] ?? 0) + shift * residual - (shift * shift) / 2));
    },
    logEvidence: (state) => logMeanExp(state.map((log) => log + Math.log(-Math.expm1(-log)))),
  };
};
