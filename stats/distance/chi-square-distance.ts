import { chiSquareTail } from "../special/chi-square.ts";
import type { AlignedCounts } from "./aligned-counts.ts";
import { cellNoise } from "./cell-noise.ts";
import type { Distance } from "./distance.ts";
import { beyondSquaredNoise } from "./distance.ts";
import type { Shares } from "./shares.ts";
import { sharesOf } from "./shares.ts";

/** Pearson's test of two samples, and the size of the difference. */
export interface ChiSquareDistance extends Distance {
  /** Pearson's statistic of the table of two rows. */
  readonly statistic: number;
  /** Cells less one. */
  readonly degrees: number;
  /** Of a single look; 1 for a single cell. */
  readonly pValue: number;
}

/**
 * Pearson's chi-square of two samples in the same cells (1900). As the effect, from 0 to 1 whatever the sizes are: Cramer's V that
 * these shares have in two samples of one size.
 */
export const chiSquareDistance = (counts: AlignedCounts): ChiSquareDistance => {
  const shares = sharesOf(counts);
  const [n, m] = shares.sizes;
  const statistic = (n * m * squares(shares, n / (n + m))) / (n + m);
  const degrees = shares.reference.length - 1;
  return {
    ...beyondSquaredNoise(squares(shares, 0.5) / 4, cellNoise(shares) / 4),
    statistic,
    degrees,
    pValue: degrees === 0 ? 1 : chiSquareTail(statistic, degrees),
  };
};

/** sum (p - q)^2 / (weight p + (1 - weight) q). */
const squares = ({ reference, current }: Shares, weight: number): number =>
  reference.reduce((sum, p, cell) => {
    const q = current[cell] ?? 0;
    return sum + (p - q) ** 2 / (weight * p + (1 - weight) * q);
  }, 0);
