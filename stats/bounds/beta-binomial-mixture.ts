import { logBeta } from "../special/log-gamma.ts";
import { logRegularizedBeta } from "../special/regularized-beta.ts";
import { requireFinite, requireNonNegative, requirePositive } from "../special/require-number.ts";
import type { MixtureSettings } from "./normal-mixture.ts";
import { mixturePrecision } from "./normal-mixture.ts";

/** Bounded increments and the time at which their mixture is tight. */
export interface BetaBinomialSettings extends MixtureSettings {
  /** Increments are at least -g; for Bernoulli(p) minus p this is p. */
  readonly g: number;
  /** Increments are at most h; for Bernoulli(p) minus p this is 1 - p. */
  readonly h: number;
  readonly isOneSided?: boolean;
}

/** ln of the mixture supermartingale at a sum of deviations and its intrinsic time. */
export type LogMixture = (sum: number, variance: number) => number;

/**
 * The beta-binomial mixture supermartingale for sums of increments in [-g, h]. Howard, Ramdas, McAuliffe and Sekhon, Annals of
 * Statistics 2021, arXiv 1810.08240. RangeError for a sum that such increments cannot have.
 */
export const betaBinomialMixture = (settings: BetaBinomialSettings): LogMixture => {
  const g = requirePositive("g", settings.g);
  const h = requirePositive("h", settings.h);
  const { optimalVariance, optimalAlpha, isOneSided = false } = settings;
  // A one-sided test at level alpha is tuned as a two-sided one at twice that level.
  const rho = mixturePrecision({ optimalVariance, optimalAlpha: isOneSided ? 2 * optimalAlpha : optimalAlpha });
  const r = Math.max(rho - g * h, 1e-3 * g * h);
  const total = g + h;
  const end = isOneSided ? h / total : 1;
  const logIncompleteBeta = (a: number, b: number): number => logBeta(a, b) + logRegularizedBeta(a, b, end);
  const normaliser = logIncompleteBeta(r / (g * total), r / (h * total));
  return (sum, variance) => {
    requireFinite("sum", sum);
    requireNonNegative("variance", variance);
    const up = (variance + h * sum) / (h * total);
    const down = (variance - g * sum) / (g * total);
    const likelihood = (variance / (g * h)) * Math.log(total) - up * Math.log(g) - down * Math.log(h);
    return likelihood + logIncompleteBeta(down + r / (g * total), up + r / (h * total)) - normaliser;
  };
};
