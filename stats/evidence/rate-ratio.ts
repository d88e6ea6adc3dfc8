import { logMeanExp } from "../special/log-sum-exp.ts";
import { requireCount, requirePositive } from "../special/require-number.ts";
import type { RatioSettings } from "./known-weight-ratio.ts";
import { checkGrid, harmGrid } from "./ratio-grid.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";
import { addLogs } from "./sequential-test.ts";
import { logTilts } from "./tilted-hypergeometric.ts";

/** Requests and bad events of both arms in one bucket of time. */
export interface ArmCounts {
  readonly canary: number;
  readonly canaryBad: number;
  readonly baseline: number;
  readonly baselineBad: number;
}

/**
 * Test B: evidence that the odds of a bad event in the canary are more than `nullRatio` times those of the baseline in the same
 * bucket, given the requests that each arm really got. A bucket without a bad event, or without requests of one arm, changes
 * nothing. Conditional on the pooled counts the canary's are hypergeometric whatever the traffic did (Fisher's exact test as a
 * likelihood ratio). With `bothWays(grid)` it looks for change in either direction, at a null ratio that is then a point.
 */
export const rateRatio = (settings: RatioSettings = {}): SequentialTest<GridState, ArmCounts> => {
  const nullRatio = requirePositive("nullRatio", settings.nullRatio ?? 1);
  const grid = checkGrid(settings.grid ?? harmGrid);
  const logGrid = grid.map((ratio) => Math.log(ratio));
  const tilted = [nullRatio, ...grid.map((ratio) => nullRatio * ratio)];
  return {
    start: grid.map(() => 0),
    step: (state, arms) => {
      const { canary, canaryBad, baseline, baselineBad } = checkArms(arms);
      const bad = canaryBad + baselineBad;
      if (canary === 0 || baseline === 0 || bad === 0) {
        return state;
      }
      const [atNull = 0, ...tilts] = logTilts({ canary, baseline, bad }, tilted);
      return addLogs(
        state,
        logGrid.map((log, index) => canaryBad * log - (tilts[index] ?? 0) + atNull),
      );
    },
    logEvidence: logMeanExp,
  };
};

/** The counts as they are; RangeError for one that is no count, or for more bad events than requests. */
const checkArms = (arms: ArmCounts): ArmCounts => {
  requireCount("canary", arms.canary);
  requireCount("baseline", arms.baseline);
  if (requireCount("canaryBad", arms.canaryBad) > arms.canary) {
    throw new RangeError(`${arms.canaryBad} of ${arms.canary} requests of the canary are bad`);
  }
  if (requireCount("baselineBad", arms.baselineBad) > arms.baseline) {
    throw new RangeError(`${arms.baselineBad} of ${arms.baseline} requests of the baseline are bad`);
  }
  return arms;
};
