import { requireNonNegative, requirePositive, requireShare } from "../special/require-number.ts";

/** What an interval for a mean rests on. */
export interface MeanEvidence {
  /** Observations so far. */
  readonly count: number;
  /** Standard deviation of one observation, in the unit of the mean. */
  readonly deviation: number;
  /** Probability that the interval ever misses the mean. */
  readonly alpha: number;
  /** Number of observations at which the interval is to be tightest. */
  readonly optimalCount: number;
}

/** The tuning parameter rho of the asymptotic confidence sequence that is tightest at `optimalCount` observations. */
export const asymptoticRho = (optimalCount: number, alpha: number): number => {
  const log = -2 * Math.log(requireShare("alpha", alpha));
  return Math.sqrt((log + Math.log(log + 1)) / requirePositive("optimalCount", optimalCount));
};

/**
 * Test H: half the width of a confidence interval for a mean that holds at all times at once, asymptotically; for people to read,
 * never the trigger of an action. Infinite without an observation. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Annals of
 * Statistics 2024, arXiv 2103.06476.
 */
export const asymptoticRadius = ({ count, deviation, alpha, optimalCount }: MeanEvidence): number => {
  requireNonNegative("deviation", deviation);
  const rho = asymptoticRho(optimalCount, alpha);
  if (requireNonNegative("count", count) === 0) {
    return Number.POSITIVE_INFINITY;
  }
  const spread = count * rho * rho + 1;
  return deviation * Math.sqrt(((2 * spread) / (count * count * rho * rho)) * Math.log(Math.sqrt(spread) / alpha));
};
