import type { AlignedCounts } from "./aligned-counts.ts";
import { cellNoise } from "./cell-noise.ts";
import type { Distance } from "./distance.ts";
import { beyondNoise } from "./distance.ts";
import { sharesOf } from "./shares.ts";

/**
 * Population stability index sum (q - p) ln(q / p) of two samples in the same cells, which is Jeffreys' divergence; half a value is
 * added to each cell, so that an empty one is no infinity. Its noise is Yurdakul's chi-square quantile (2018).
 */
export const psi = (counts: AlignedCounts): Distance => {
  const shares = sharesOf(counts, 0.5);
  const value = shares.reference.reduce((sum, p, cell) => {
    const q = shares.current[cell] ?? p;
    return sum + (q - p) * Math.log(q / p);
  }, 0);
  return beyondNoise(value, cellNoise(shares));
};
