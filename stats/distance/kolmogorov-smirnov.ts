import type { AlignedCounts } from "./aligned-counts.ts";
import type { Distance } from "./distance.ts";
import { beyondNoise } from "./distance.ts";
import { sharesOf } from "./shares.ts";

/** The 95% quantile of Kolmogorov's distribution: sum over k of (-1)^(k-1) exp(-2 k^2 x^2) is 0.025 there (Smirnov 1948). */
const kolmogorovQuantile = 1.358_098_64;

/**
 * Kolmogorov-Smirnov distance, from 0 to 1: the largest difference of two distribution functions, of samples in the same ascending
 * cells. Its noise is exact for continuous values and cautious where values repeat.
 */
export const kolmogorovSmirnov = (counts: AlignedCounts): Distance => {
  const { reference, current, spread } = sharesOf(counts);
  let gap = 0;
  const value = reference.reduce((largest, p, cell) => {
    gap += p - (current[cell] ?? 0);
    return Math.max(largest, Math.abs(gap));
  }, 0);
  return beyondNoise(Math.min(value, 1), kolmogorovQuantile * Math.sqrt(spread));
};
