import { describe, expect, test } from "vitest";
import { rankTilt } from "../../stats/evidence/rank-tilt.ts";
import { sequentialRanks } from "../../stats/evidence/sequential-ranks.ts";
import { emptyHistogram, histogramOf } from "../../stats/histogram/histogram.ts";
import { evidenceAfter } from "./ways-to-fall.ts";

const ordersOf = (values: readonly number[]): readonly (readonly number[])[] =>
  values.length === 0
    ? [[]]
    : values.flatMap((value, place) => ordersOf(values.toSpliced(place, 1)).map((rest) => [value, ...rest]));

const poolOf = (values: readonly number[]) => histogramOf(values.map((value) => [value, 1]));

describe("ranks of values that join a pool", () => {
  test("are independent and uniform over all orders of different values", () => {
    const seen = new Map<string, number>();
    for (const order of ordersOf([3, 7, 8, 20, 41])) {
      const ranks = sequentialRanks(poolOf(order.slice(0, 2)), order.slice(2), () => 0.5);
      const places = ranks.map((rank, index) => Math.floor(rank * (3 + index))).join();
      seen.set(places, (seen.get(places) ?? 0) + 1);
    }
    expect(seen.size).toBe(3 * 4 * 5);
    expect(new Set(seen.values())).toEqual(new Set([2]));
  });

  test("of equal values lie anywhere among those, as chance has it", () => {
    const pool = histogramOf([
      [1, 2],
      [5, 3],
      [9, 4],
    ]);
    expect(sequentialRanks(pool, [5], () => 0)).toEqual([0.2]);
    expect(sequentialRanks(pool, [5], () => 0.999)[0]).toBeCloseTo(0.6, 2);
    // The second finds the first in the pool.
    expect(sequentialRanks(pool, [5, 5], () => 0.5)[1]).toBeCloseTo((2 + 0.5 * 5) / 11, 12);
  });

  test("are chance alone in an empty pool, lie strictly between 0 and 1, and a value must be a number", () => {
    expect(sequentialRanks(emptyHistogram, [5], () => 0.25)).toEqual([0.25]);
    expect(sequentialRanks(emptyHistogram, [5], () => 0)[0]).toBeGreaterThan(0);
    expect(() => sequentialRanks(emptyHistogram, [Number.NaN], () => 0.5)).toThrow(TypeError);
  });
});

describe("evidence of ranks", () => {
  test("is 1 on average over uniform ranks, after one and after two", () => {
    const cells = 400;
    const uniform = Array.from({ length: cells }, (_, cell) => (cell + 0.5) / cells);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(uniform.map((rank) => evidenceAfter(rankTilt(), [[rank]])))).toBeCloseTo(1, 4);
    const twice = uniform.flatMap((one) => uniform.map((two) => evidenceAfter(rankTilt(), [[one], [two]])));
    expect(mean(twice)).toBeCloseTo(1, 4);
  });

  test("is the same whether ranks come at once or one after another", () => {
    const ranks = [0.1, 0.96, 0.5, 0.75, 0.999];
    const atOnce = evidenceAfter(rankTilt(), [ranks]);
    expect(
      evidenceAfter(
        rankTilt(),
        ranks.map((rank) => [rank]),
      ),
    ).toBeCloseTo(atOnce, 10);
  });

  test.each([
    { change: "a shift upwards", ranks: [0.6, 0.7, 0.9, 0.8, 0.95] },
    { change: "a shift downwards", ranks: [0.4, 0.3, 0.1, 0.2, 0.05] },
    { change: "a tail", ranks: [0.995, 0.2, 0.5, 0.992, 0.6, 0.4, 0.998, 0.1] },
  ])("grows by $change", ({ ranks }) => {
    const all = Array.from({ length: 8 }, () => ranks).flat();
    expect(evidenceAfter(rankTilt(), [all])).toBeGreaterThan(100);
  });

  test("shrinks by ranks that lie as they should, and refuses what is no rank", () => {
    const even = Array.from({ length: 100 }, (_, index) => (index + 0.5) / 100);
    expect(evidenceAfter(rankTilt(), [even])).toBeLessThan(0.5);
    expect(() => evidenceAfter(rankTilt(), [[1]])).toThrow(RangeError);
  });
});
