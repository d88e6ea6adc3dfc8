import type { Histogram } from "../histogram/histogram.ts";
import { requireFinite } from "../special/require-number.ts";

/** Where nothing is certain: no rank is exactly 0 or 1, since a score of it would be infinite. */
const edge = 1e-9;

/**
 * The share of a pool that each value exceeds, the values joining the pool one after another; equal ones are told apart by
 * `random`, which gives numbers from 0 up to 1. While values and pool come in an order that is random, these ranks are
 * independent and uniform from 0 to 1, whatever the distribution is (Barndorff-Nielsen 1963; smoothed as by Vovk, Gammerman and
 * Shafer 2005): a bet on them is fair at any look, and no value of the pool is used up.
 */
export const sequentialRanks = (
  pool: Histogram,
  values: readonly number[],
  random: () => number,
): readonly number[] => {
  const bins = [...new Set([...pool.bins, ...values])].sort((a, b) => a - b);
  const placeOf = new Map(bins.map((bin, place) => [bin, place]));
  const counts = new Float64Array(bins.length);
  const sums = new Float64Array(bins.length + 1);
  let size = 0;
  const add = (place: number, count: number): void => {
    counts[place] = (counts[place] ?? 0) + count;
    for (let node = place + 1; node < sums.length; node += node & -node) {
      sums[node] = (sums[node] ?? 0) + count;
    }
    size += count;
  };
  for (const [index, bin] of pool.bins.entries()) {
    add(placeOf.get(bin) ?? 0, pool.counts[index] ?? 0);
  }
  return values.map((value) => {
    const place = placeOf.get(requireFinite("a value", value)) ?? 0;
    const rank = (sumBelow(sums, place) + random() * ((counts[place] ?? 0) + 1)) / (size + 1);
    add(place, 1);
    return Math.min(Math.max(rank, edge), 1 - edge);
  });
};

/** The sum of the counts before a place, of which node n has those of its last n & -n places (Fenwick 1994). */
const sumBelow = (sums: Float64Array, place: number): number => {
  let sum = 0;
  for (let node = place; node > 0; node -= node & -node) {
    sum += sums[node] ?? 0;
  }
  return sum;
};
