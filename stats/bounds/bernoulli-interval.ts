import { findBorder } from "../special/find-root.ts";
import { requireCount, requirePositive, requireShare } from "../special/require-number.ts";
import { betaBinomialMixture } from "./beta-binomial-mixture.ts";

/** Successes of trials, and the interval that is wanted. */
export interface Trials {
  readonly successes: number;
  readonly trials: number;
  /** Probability that the interval ever misses the rate. */
  readonly alpha: number;
  /** Number of trials at which the interval is tightest, at level 0.05. */
  readonly optimalTrials: number;
}

/** Both ends of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const optimalAlpha = 0.05;

/**
 * Confidence interval for a rate that holds at all times at once: the rates at which the two-sided beta-binomial mixture stays
 * below 1/alpha (Howard and others, arXiv 1810.08240). From 0 to 1 without a trial.
 */
export const bernoulliInterval = ({ successes, trials, alpha, optimalTrials }: Trials): Interval => {
  const threshold = -Math.log(requireShare("alpha", alpha));
  requirePositive("optimalTrials", optimalTrials);
  if (requireCount("successes", successes) > requireCount("trials", trials)) {
    throw new RangeError(`${successes} successes of ${trials} trials`);
  }
  if (trials === 0) {
    return { low: 0, high: 1 };
  }
  const observed = successes / trials;
  const isRefused = (rate: number): boolean => {
    if (rate <= 0 || rate >= 1) {
      return true;
    }
    const variance = rate * (1 - rate);
    const mixture = betaBinomialMixture({
      optimalVariance: variance * optimalTrials,
      optimalAlpha,
      g: rate,
      h: 1 - rate,
    });
    return mixture((observed - rate) * trials, variance * trials) > threshold;
  };
  return {
    low: observed === 0 ? 0 : findBorder(isRefused, { low: 0, high: observed }),
    high: observed === 1 ? 1 : findBorder((rate) => !isRefused(rate), { low: observed, high: 1 }),
  };
};
