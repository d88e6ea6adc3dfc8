import { requireFinite, requireNonNegative } from "../special/require-number.ts";

/** The ratio of rates that an odds ratio stands for where the baseline's rate, from 0 to 1, is known (Zhang and Yu, JAMA 1998). */
export const riskRatio = (oddsRatio: number, baselineRate: number): number => {
  if (requireFinite("baselineRate", baselineRate) < 0 || baselineRate > 1) {
    throw new RangeError(`the rate ${baselineRate} is not between 0 and 1`);
  }
  return requireNonNegative("oddsRatio", oddsRatio) / (1 - baselineRate + baselineRate * oddsRatio);
};
