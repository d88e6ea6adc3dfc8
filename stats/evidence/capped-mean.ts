import { requireNonNegative, requirePositive, requireSome } from "../special/require-number.ts";
import type { BettingState } from "./betting.ts";
import { betting } from "./betting.ts";
import type { SequentialTest } from "./sequential-test.ts";

/** What test F bounds and tolerates. */
export interface CappedMeanSettings {
  /** Values above this count as this: price times the most tokens, or p99 of the reference. Unit of the values. */
  readonly cap: number;
  /** The largest ratio of means that the null hypothesis tolerates; 1 means no increase at all. */
  readonly nullRatio?: number;
}

/** One value of the canary, and values of the baseline of the same bucket that no other value of the canary is compared with. */
export interface MatchedValue {
  /** From 0 on; cost or tokens of one call, or the mean of one unit of randomisation. */
  readonly value: number;
  readonly baseline: readonly number[];
}

/**
 * Test F: evidence that the mean of values capped at `cap` is more than `nullRatio` times as large in the canary: the betting test
 * on differences from the mean of a group of the baseline, scaled into [-1, 1].
 */
export const cappedMean = (settings: CappedMeanSettings): SequentialTest<BettingState, MatchedValue> => {
  const cap = requirePositive("cap", settings.cap);
  const nullRatio = requirePositive("nullRatio", settings.nullRatio ?? 1);
  const test = betting({ cap: 0.5 });
  const capped = (value: number): number => Math.min(requireNonNegative("a value", value), cap) / cap;
  return {
    ...test,
    step: (state, { value, baseline }) => {
      const sum = requireSome("baseline", baseline).reduce((total, one) => total + capped(one), 0);
      const difference = capped(value) - (nullRatio * sum) / baseline.length;
      return test.step(state, difference / Math.max(1, nullRatio));
    },
  };
};
