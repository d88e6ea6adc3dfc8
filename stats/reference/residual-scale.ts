import { driftGrid } from "../evidence/drift-evidence.ts";
import { findBorder } from "../special/find-root.ts";
import { requireFinite, requireSome } from "../special/require-number.ts";
import { residualLimit } from "./seasonal-residual.ts";

/**
 * The largest mean of exp(theta r - theta^2 / 2) over a history of residuals, among the shifts of the grid: at most 1 when they
 * are as sub-Gaussian as test I needs.
 */
export const residualExcess = (residuals: readonly number[], grid: readonly number[] = driftGrid): number => {
  requireSome("residuals", residuals);
  return grid.reduce((largest, shift) => {
    const sum = residuals.reduce(
      (total, residual) => total + Math.exp(shift * requireFinite("a residual", residual) - (shift * shift) / 2),
      0,
    );
    return Math.max(largest, sum / residuals.length);
  }, 0);
};

/**
 * The smallest number, from 1 on, that a history of standardised residuals must be divided by before it is cut at +-4, so that
 * test I keeps its promise on it. Cautious: the mean of a short history is above 1 about half of the time by chance alone.
 */
export const residualScale = (residuals: readonly number[], grid: readonly number[] = driftGrid): number => {
  const isTooSmall = (scale: number): boolean =>
    residualExcess(
      residuals.map((residual) => Math.min(Math.max(residual / scale, -residualLimit), residualLimit)),
      grid,
    ) > 1;
  if (!isTooSmall(1)) {
    return 1;
  }
  let high = 2;
  while (isTooSmall(high)) {
    high *= 2;
  }
  return findBorder(isTooSmall, { low: high / 2, high });
};
