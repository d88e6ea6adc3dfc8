import { gammaln } from "simple-statistics";
import { requireCount, requirePositive } from "./require-number.ts";

/** ln Gamma(x) for x > 0, by Lanczos' series: relative error below 1e-13 of the larger of 1 and the result. */
export const logGamma = (x: number): number => gammaln(requirePositive("the argument of log-gamma", x));

/** ln Beta(a, b) for a, b > 0. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** ln of the number of ways to choose k of n; -Infinity when k > n. RangeError unless both are counts. */
export const logChoose = (n: number, k: number): number => {
  requireCount("n", n);
  requireCount("k", k);
  return k > n ? Number.NEGATIVE_INFINITY : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
};
