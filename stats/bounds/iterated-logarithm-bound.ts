import { findBorder, findMinimum } from "../special/find-root.ts";
import { requireFinite, requirePositive, requireShare } from "../special/require-number.ts";

/** What the band of an empirical distribution is made for. */
export interface BandSettings {
  /** Probability that the distribution ever leaves the band. */
  readonly alpha: number;
  /** Observations from which the band holds; at least 1. */
  readonly from: number;
  /** Width of the band in the limit, above 1/sqrt(2). */
  readonly width?: number;
}

/**
 * Half the width of a band around the empirical distribution of `count` observations that holds the true one at all times at once;
 * infinite below `from` observations. Howard and Ramdas, Bernoulli 2022, arXiv 1906.09712.
 */
export const iteratedLogarithmBound = (count: number, { alpha, from, width = 0.85 }: BandSettings): number => {
  requireShare("alpha", alpha);
  requirePositive("count", count);
  if (requireFinite("from", from) < 1 || requireFinite("width", width) <= Math.SQRT1_2) {
    throw new RangeError(`a band from ${from} observations on with width ${width} is not known to hold`);
  }
  if (count < from) {
    return Number.POSITIVE_INFINITY;
  }
  const constant = bandConstant(alpha, width);
  return width * Math.sqrt((Math.log1p(Math.log(count / from)) + constant) / count);
};

/** The smallest constant with which the band's error is at most alpha: the theorem leaves the epoch ratio eta to be chosen. */
const bandConstant = (alpha: number, width: number): number => {
  const isTooSmall = (constant: number): boolean => leastError(constant, width) > alpha;
  let high = 1;
  while (isTooSmall(high)) {
    high *= 2;
  }
  return findBorder(isTooSmall, { low: high / 2, high });
};

const leastError = (constant: number, width: number): number => {
  const slack = (eta: number): number => width - Math.sqrt((2 * (eta - 1)) / constant);
  const isWide = (eta: number): boolean => slack(eta) > Math.sqrt(eta / 2);
  const high = findBorder(isWide, { low: 1, high: 2 * width * width });
  const logError = (eta: number): number => {
    const exponent = (2 / eta) * slack(eta) ** 2;
    return exponent <= 1
      ? Number.POSITIVE_INFINITY
      : Math.log(4) - exponent * constant + Math.log1p(1 / ((exponent - 1) * Math.log(eta)));
  };
  return Math.exp(logError(findMinimum(logError, { low: 1, high })));
};
