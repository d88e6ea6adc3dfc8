import { findBorder } from "./find-root.ts";
import { upperGamma } from "./regularized-gamma.ts";
import { requireNonNegative, requirePositive, requireShare } from "./require-number.ts";

/** Probability that a chi-square variable with so many degrees of freedom is above x; error below 1e-11. */
export const chiSquareTail = (x: number, degrees: number): number =>
  upperGamma(requirePositive("degrees of freedom", degrees) / 2, requireNonNegative("x", x) / 2);

/** The value that a share p of a chi-square variable does not exceed, for 0 < p < 1, by bisection of `chiSquareTail`. */
export const chiSquareQuantile = (p: number, degrees: number): number => {
  requireShare("a probability", p);
  requirePositive("degrees of freedom", degrees);
  const isBelow = (x: number): boolean => 1 - chiSquareTail(x, degrees) < p;
  let high = degrees;
  while (isBelow(high)) {
    high *= 2;
  }
  return findBorder(isBelow, { low: 0, high });
};
