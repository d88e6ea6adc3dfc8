import { requireCount, requireShare } from "../special/require-number.ts";

/** What a canary is to be judged by. */
export interface Plan {
  /** Rate of bad events under the null hypothesis: of the baseline, or at the margin. */
  readonly nullRate: number;
  /** Rate that the canary is supposed to have. */
  readonly trueRate: number;
  /** Level at which the null hypothesis is to be rejected. */
  readonly alpha: number;
  /** Points of the grid that the evidence is averaged over. */
  readonly gridPoints: number;
}

/**
 * How many requests of the canary tests A and B will need, in the middle of the cases, where its weight is small: what their
 * evidence must reach, over what one request adds to it in expectation (the information of a Poisson rate; Wald 1945). Infinite
 * where both rates are the same: to be told with every "not decided yet".
 */
export const neededCount = ({ nullRate, trueRate, alpha, gridPoints }: Plan): number => {
  requireShare("nullRate", nullRate);
  requireShare("trueRate", trueRate);
  if (requireCount("gridPoints", gridPoints) === 0) {
    throw new RangeError("a grid has at least one point");
  }
  const information = trueRate * Math.log(trueRate / nullRate) - trueRate + nullRate;
  return Math.ceil((Math.log(gridPoints) - Math.log(requireShare("alpha", alpha))) / information);
};
