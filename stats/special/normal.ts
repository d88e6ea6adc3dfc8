import { upperGamma } from "./regularized-gamma.ts";
import { requireFinite, requireShare } from "./require-number.ts";

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Share of the standard normal distribution at or below z; absolute error below 1e-12. */
export const normalShare = (z: number): number => {
  const tail = upperGamma(0.5, (requireFinite("z", z) * z) / 2) / 2;
  return z > 0 ? 1 - tail : tail;
};

/**
 * The value that a share p of the standard normal distribution does not exceed, for 0 < p < 1: the rational approximation of
 * Abramowitz and Stegun 26.2.23, made exact by Halley's steps on `normalShare`. Absolute error below 1e-9 for p from 1e-12 on.
 */
export const normalQuantile = (p: number): number => {
  requireShare("a probability", p);
  if (p > 0.5) {
    return -normalQuantile(1 - p);
  }
  const t = Math.sqrt(-2 * Math.log(p));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
  let z = above / below - t;
  for (let step = 0; step < 3; step += 1) {
    const error = (normalShare(z) - p) / normalDensity(z);
    z -= error / (1 + (z * error) / 2);
  }
  return z;
};
