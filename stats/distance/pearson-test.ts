import { chiSquareTail } from "../special/chi-square.ts";
import type { AlignedCounts } from "./aligned-counts.ts";
import type { Shares } from "./shares.ts";
import { sharesOf } from "./shares.ts";

/** Pearson's test of two samples in the same cells. */
export interface PearsonTest {
  /** Pearson's statistic of the table of two rows. */
  readonly statistic: number;
  /** Cells less one. */
  readonly degrees: number;
  /** Of a single look; 1 for a single cell. */
  readonly pValue: number;
}

/** Pearson's chi-square test of two samples in the same cells (1900). */
export const pearsonTest = (counts: AlignedCounts): PearsonTest => {
  const shares = sharesOf(counts);
  const [n, m] = shares.sizes;
  const statistic = (n * m * shareSquares(shares, n / (n + m))) / (n + m);
  const degrees = shares.reference.length - 1;
  return { statistic, degrees, pValue: degrees === 0 ? 1 : chiSquareTail(statistic, degrees) };
};

/** sum (p - q)^2 / (weight p + (1 - weight) q). */
export const shareSquares = ({ reference, current }: Shares, weight: number): number =>
  reference.reduce((sum, p, cell) => {
    const q = current[cell] ?? 0;
    return sum + (p - q) ** 2 / (weight * p + (1 - weight) * q);
  }, 0);
