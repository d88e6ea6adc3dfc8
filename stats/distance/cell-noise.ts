import { chiSquareQuantile } from "../special/chi-square.ts";
import { noiseLevel } from "./distance.ts";
import type { Shares } from "./shares.ts";

/**
 * What sum (p - q)^2 / mean share of two samples from one distribution stays below in 95 of 100 cases: a quantile of chi-square
 * with one degree of freedom less than cells, times 1/n + 1/m; 0 for a single cell.
 */
export const cellNoise = ({ reference, spread }: Shares): number =>
  reference.length < 2 ? 0 : chiSquareQuantile(noiseLevel, reference.length - 1) * spread;
