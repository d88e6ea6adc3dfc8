import { logMeanExp } from "../special/log-sum-exp.ts";
import { requireCount, requirePositive, requireShare } from "../special/require-number.ts";
import { checkGrid, harmGrid } from "./ratio-grid.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";
import { addLogs } from "./sequential-test.ts";

/** What a test of a ratio assumes and looks for. */
export interface RatioSettings {
  /** The largest ratio that the null hypothesis tolerates; 1 means no harm at all. */
  readonly nullRatio?: number;
  /** Multiples of the null ratio to look for: all above 1 for harm, all below 1 for its absence. */
  readonly grid?: readonly number[];
}

/** Bad events of both arms while the canary had a known share of the traffic. */
export interface WeightedBad {
  /** Share of the traffic that was routed to the canary, between 0 and 1. */
  readonly weight: number;
  readonly canaryBad: number;
  readonly baselineBad: number;
}

/**
 * Test A: evidence that bad events are more than `nullRatio` times as frequent in the canary, from the bad events alone, where
 * the router's weight is known. Valid however the rates move, as long as both arms move together. Poisson or Bernoulli thinning;
 * Lindon and Malek, arXiv 2011.03567. With a grid below 1 it is evidence that they are less frequent than that.
 */
export const knownWeightRatio = (settings: RatioSettings = {}): SequentialTest<GridState, WeightedBad> => {
  const nullRatio = requirePositive("nullRatio", settings.nullRatio ?? 1);
  const grid = checkGrid(settings.grid ?? harmGrid);
  return {
    start: grid.map(() => 0),
    step: (state, { weight, canaryBad, baselineBad }) => {
      requireShare("weight", weight);
      requireCount("canaryBad", canaryBad);
      requireCount("baselineBad", baselineBad);
      const baseline = Math.log1p(weight * (nullRatio - 1));
      const logs = grid.map((ratio) => {
        const spread = Math.log1p(weight * (nullRatio * ratio - 1)) - baseline;
        return canaryBad * (Math.log(ratio) - spread) - baselineBad * spread;
      });
      return addLogs(state, logs);
    },
    logEvidence: logMeanExp,
  };
};
