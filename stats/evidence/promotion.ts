import { requirePositive } from "../special/require-number.ts";
import type { WeightedBad } from "./known-weight-ratio.ts";
import { knownWeightRatio } from "./known-weight-ratio.ts";
import type { ArmCounts } from "./rate-ratio.ts";
import { rateRatio } from "./rate-ratio.ts";
import { safetyGrid } from "./ratio-grid.ts";
import type { GridState, SequentialTest } from "./sequential-test.ts";

/**
 * Test C: evidence that bad events are less than `margin` times as frequent in the canary, against the null hypothesis that they
 * are `margin` times as frequent or more. "No alarm" is no such evidence. For a known weight, as test A.
 */
export const knownWeightPromotion = (margin: number): SequentialTest<GridState, WeightedBad> =>
  knownWeightRatio({ nullRatio: requirePositive("margin", margin), grid: safetyGrid });

/**
 * Test C on realised counts, as test B. Its null hypothesis is about odds: at a margin of 1 or more it holds the hypothesis that
 * the ratio of rates is `margin` or more, so promotion is never easier than the margin says.
 */
export const rateRatioPromotion = (margin: number): SequentialTest<GridState, ArmCounts> =>
  rateRatio({ nullRatio: requirePositive("margin", margin), grid: safetyGrid });
