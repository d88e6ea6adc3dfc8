import { requireCount } from "../special/require-number.ts";
import type { AlignedCounts } from "./aligned-counts.ts";

/** Two samples as shares of the cells that at least one of them has values in. */
export interface Shares {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Values of each sample. */
  readonly sizes: readonly [reference: number, current: number];
  /** 1/n + 1/m: the variance that two samples of these sizes differ by. */
  readonly spread: number;
}

/**
 * Shares of two samples, after adding `extra` to every count of a cell that is not empty in both. RangeError for samples without
 * values, of different length, or with a count that is no count.
 */
export const sharesOf = ({ reference, current }: AlignedCounts, extra = 0): Shares => {
  if (reference.length !== current.length) {
    throw new RangeError(`${reference.length} and ${current.length} cells are not aligned`);
  }
  const pairs = reference
    .map((count, cell) => [requireCount("a count", count), requireCount("a count", current[cell] ?? 0)] as const)
    .filter(([a, b]) => a + b > 0);
  const n = pairs.reduce((sum, [count]) => sum + count, 0);
  const m = pairs.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0 || m === 0) {
    throw new RangeError("a sample without values has no shares");
  }
  const added = extra * pairs.length;
  return {
    reference: pairs.map(([count]) => (count + extra) / (n + added)),
    current: pairs.map(([, count]) => (count + extra) / (m + added)),
    sizes: [n, m],
    spread: 1 / n + 1 / m,
  };
};
