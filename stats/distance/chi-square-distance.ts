import type { AlignedCounts } from "./aligned-counts.ts";
import { cellNoise } from "./cell-noise.ts";
import type { Distance } from "./distance.ts";
import { beyondSquaredNoise } from "./distance.ts";
import type { PearsonTest } from "./pearson-test.ts";
import { pearsonTest, shareSquares } from "./pearson-test.ts";
import { sharesOf } from "./shares.ts";

/** Pearson's test of two samples, and the size of the difference. */
export interface ChiSquareDistance extends Distance, PearsonTest {}

/**
 * Pearson's chi-square of two samples in the same cells (1900). As the effect, from 0 to 1 whatever the sizes are: Cramer's V that
 * these shares have in two samples of one size.
 */
export const chiSquareDistance = (counts: AlignedCounts): ChiSquareDistance => {
  const shares = sharesOf(counts);
  return {
    ...beyondSquaredNoise(shareSquares(shares, 0.5) / 4, cellNoise(shares) / 4),
    ...pearsonTest(counts),
  };
};
