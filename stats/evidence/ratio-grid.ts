import { requirePositive, requireSome } from "../special/require-number.ts";

/** Ratios that harm is looked for at: 1.25 times to 10 times as often. */
export const harmGrid: readonly number[] = [1.25, 1.5, 2, 2.5, 3, 4, 6, 10];

/** Ratios that exceedances of a quantile are looked for at: those of a latency or a length move less far. */
export const exceedanceGrid: readonly number[] = [1.1, 1.25, 1.5, 2, 2.5, 3, 4, 6];

/** Shares of a margin at which the absence of harm is looked for. */
export const safetyGrid: readonly number[] = [1 / 4, 1 / 2, 1 / 1.6, 1 / 1.3, 1 / 1.15];

/** A one-sided grid made two-sided: every ratio and its inverse. */
export const bothWays = (grid: readonly number[]): readonly number[] => [...grid, ...grid.map((ratio) => 1 / ratio)];

/** The grid as it is; RangeError when it is empty, has a ratio that is not above 0, or has 1, at which evidence stands still. */
export const checkGrid = (grid: readonly number[]): readonly number[] => {
  for (const ratio of requireSome("the grid", grid)) {
    if (requirePositive("a ratio of the grid", ratio) === 1) {
      throw new RangeError("the grid has the ratio 1");
    }
  }
  return grid;
};
