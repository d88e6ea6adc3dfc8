import type { AlignedCounts } from "./aligned-counts.ts";
import { cellNoise } from "./cell-noise.ts";
import type { Distance } from "./distance.ts";
import { beyondSquaredNoise } from "./distance.ts";
import { sharesOf } from "./shares.ts";

/** Unit of the divergence under the root: natural logarithms, at most ln 2, or bits, at most 1. */
export type LogBase = "natural" | "bits";

/**
 * Jensen-Shannon distance of two samples in the same cells: the square root of the divergence, a metric (Endres and Schindelin
 * 2003). Near 0 the divergence is an eighth of sum (p - q)^2 / mean share, which gives its noise (Menendez and others 1997).
 */
export const jensenShannon = (counts: AlignedCounts, base: LogBase = "natural"): Distance => {
  const shares = sharesOf(counts);
  const divergence = shares.reference.reduce((sum, p, cell) => {
    const q = shares.current[cell] ?? 0;
    return sum + (towardsMiddle(p, q) + towardsMiddle(q, p)) / 2;
  }, 0);
  const unit = base === "bits" ? Math.LN2 : 1;
  return beyondSquaredNoise(divergence / unit, cellNoise(shares) / 8 / unit);
};

const towardsMiddle = (p: number, q: number): number => (p === 0 ? 0 : p * Math.log((2 * p) / (p + q)));
