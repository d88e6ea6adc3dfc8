import { at, requireCount, requireFinite, requirePositive, requireSome } from "../special/require-number.ts";
import type { SequentialTest } from "./sequential-test.ts";

/** What a stream of categories is like while nothing has changed, and what it might become. */
export interface StreamDriftSettings {
  /** Share of each category; they add up to 1, and none is 0. */
  readonly shares: readonly number[];
  /** Shares after each change that is looked for, in the order of the categories. */
  readonly alternatives: readonly (readonly number[])[];
  /** Weight of each change, fixed beforehand; they add up to 1. All weigh the same unless it says otherwise. */
  readonly weights?: readonly number[];
}

/** Evidence as large as this says all there is to say, and leaves room in a double. */
const most = 1e250;
const rounding = 1e-9;

/**
 * Test I request by request, for a stream whose distribution is known well: R <- (1 + R) times the likelihood ratio of the
 * category that came, for each alternative, averaged by weight. The state is R at each alternative. Alarm when ln of the mean reaches ln A and
 * begin again from `start`: the mean number of requests between false alarms is then at least A. Numbers are put in bins first.
 * Shin, Ramdas and Rinaldo 2023, arXiv 2203.03532. An estimated distribution voids the promise: use it beside a control.
 */
export const streamDrift = ({
  shares,
  alternatives,
  weights,
}: StreamDriftSettings): SequentialTest<readonly number[], number> => {
  const known = requireShares(shares);
  const ratios = requireSome("the alternatives", alternatives).map((changed) => {
    if (changed.length !== known.length) {
      throw new RangeError(`there are ${known.length} categories and ${changed.length} shares of an alternative`);
    }
    return requireShares(changed).map((share, category) => share / at(known, category));
  });
  const weighed = requireShares(weights ?? ratios.map(() => 1 / ratios.length));
  if (weighed.length !== ratios.length) {
    throw new RangeError(`there are ${ratios.length} alternatives and ${weighed.length} weights`);
  }
  return {
    start: ratios.map(() => 0),
    step: (state, category) => {
      if (requireCount("the category", category) >= known.length) {
        throw new RangeError(`there are ${known.length} categories, and this is number ${category}`);
      }
      return ratios.map((ratio, index) => Math.min((1 + (state[index] ?? 0)) * (ratio[category] ?? 1), most));
    },
    logEvidence: (state) => Math.log(state.reduce((sum, value, index) => sum + value * at(weighed, index), 0)),
  };
};

/** Shares as they are after every category became exp(tilt score) times as likely as before, up to a common factor. */
export const tiltedShares = (shares: readonly number[], scores: readonly number[], tilt: number): readonly number[] => {
  const weights = shares.map((share, index) => share * Math.exp(requireFinite("tilt", tilt) * at(scores, index)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

const requireShares = (shares: readonly number[]): readonly number[] => {
  const total = requireSome("shares", shares).reduce((sum, share) => sum + requirePositive("a share", share), 0);
  if (Math.abs(total - 1) > rounding) {
    throw new RangeError(`the shares add up to ${total}`);
  }
  return shares;
};
