import { logSumExp } from "../special/log-sum-exp.ts";
import { requireNonNegative } from "../special/require-number.ts";

/** Evidence of one measure among several that decide together. */
export interface WeightedEvidence {
  /** Share of the decision that the measure has; all shares add up to 1. */
  readonly weight: number;
  /** ln of its evidence; -Infinity is no evidence at all. */
  readonly logEvidence: number;
}

/**
 * ln of the weighted mean of evidence of several tests of the same buckets, which is evidence that any of their null hypotheses is
 * false: one alpha covers all measures and looks. Vovk and Wang, Annals of Statistics 2021, arXiv 1912.06116. RangeError unless
 * the weights add up to 1.
 */
export const combineEvidence = (measures: readonly WeightedEvidence[]): number => {
  const total = measures.reduce((sum, { weight }) => sum + requireNonNegative("a weight", weight), 0);
  if (Math.abs(total - 1) > 1e-9) {
    throw new RangeError(`the weights add up to ${total}`);
  }
  return logSumExp(measures.map(({ weight, logEvidence }) => Math.log(weight) + logEvidence));
};
