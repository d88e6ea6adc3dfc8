import { requireFinite, requireNonNegative, requirePositive, requireShare } from "../special/require-number.ts";

/** For which intrinsic time a mixture bound is to be tight. */
export interface MixtureSettings {
  /** Intrinsic time (sum of variances) at which the bound is tightest. */
  readonly optimalVariance: number;
  /** Level at which it is tightest there. */
  readonly optimalAlpha: number;
}

/** The mixture precision rho that makes a two-sided normal mixture tightest. */
export const mixturePrecision = ({ optimalVariance, optimalAlpha }: MixtureSettings): number => {
  const log = -2 * Math.log(requireShare("optimalAlpha", optimalAlpha));
  return requirePositive("optimalVariance", optimalVariance) / (log + Math.log1p(log));
};

/**
 * ln of the two-sided normal mixture supermartingale at a sum of deviations and its intrinsic time (sum of variances). Howard,
 * Ramdas, McAuliffe and Sekhon, Annals of Statistics 2021, arXiv 1810.08240.
 */
export const logNormalMixture = (sum: number, variance: number, settings: MixtureSettings): number => {
  const rho = mixturePrecision(settings);
  const spread = requireNonNegative("variance", variance) + rho;
  return (Math.log(rho / spread) + requireFinite("sum", sum) ** 2 / spread) / 2;
};

/** The sum of deviations, in absolute value, that is exceeded at any time with probability of at most `alpha`. */
export const normalMixtureBound = (variance: number, alpha: number, settings: MixtureSettings): number => {
  const rho = mixturePrecision(settings);
  const log = Math.log1p(requireNonNegative("variance", variance) / rho) - 2 * Math.log(requireShare("alpha", alpha));
  return Math.sqrt((variance + rho) * log);
};
