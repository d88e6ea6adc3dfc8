import { describe, expect, test } from "vitest";
import { drawBinomial, placesOf } from "../../../bench/canary/draws.ts";
import { calmDay } from "../../../bench/canary/null-cells.ts";
import { rateCell } from "../../../bench/canary/rate-cells.ts";
import { judgeNames, runCell } from "../../../bench/canary/run-cell.ts";
import { tallyOf, upperBound } from "../../../bench/canary/tally.ts";
import { seededRandom } from "../../../core/random.ts";

describe("draws", () => {
  test.each([
    { n: 8, p: 0.03 },
    { n: 100, p: 0.7 },
    { n: 2_000, p: 0.4 },
  ])("of $n trials at $p have the mean and variance of a binomial", ({ n, p }) => {
    const random = seededRandom(7);
    const counts = Array.from({ length: 20_000 }, () => drawBinomial(random, n, p));
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt((n * p * (1 - p)) / counts.length));
    expect(variance / (n * p * (1 - p))).toBeCloseTo(1, 1);
  });

  test("of places come as often as their weights say", () => {
    const random = seededRandom(8);
    const draw = placesOf([1, 0, 3, 6]);
    const counts = [0, 0, 0, 0];
    for (let count = 0; count < 50_000; count += 1) {
      const place = draw(random);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    expect(counts.map((count) => Number((count / 50_000).toFixed(2)))).toEqual([0.1, 0, 0.3, 0.6]);
  });

  test("of one seed are the same", () => {
    const [one, two, other] = [1, 1, 2].map((seed) => Array.from({ length: 5 }, seededRandom(seed).uniform));
    expect(one).toEqual(two);
    expect(one).not.toEqual(other);
  });
});

describe("a tally", () => {
  test("bounds a share as Clopper and Pearson do", () => {
    expect(upperBound(0, 2_000)).toBeCloseTo(1 - 0.05 ** (1 / 2_000), 10);
    expect(upperBound(1, 20)).toBeCloseTo(0.2161, 4);
    expect(upperBound(20, 20)).toBe(1);
  });

  test("takes a run that was never rolled back as longer than all others", () => {
    const never = Number.POSITIVE_INFINITY;
    expect(tallyOf([300, never, 100, 200])).toMatchObject({ rolledBack: 0.75, median: 200, p90: never });
  });
});

describe("a simulated rollout", () => {
  test("is rolled back by the judge within 400 requests when errors triple, and seldom when nothing is wrong", () => {
    const harmful = runCell(rateCell({ runs: 60, seed: 1, baseline: 0.01, candidate: 0.03 }));
    expect(tallyOf(harmful.get(judgeNames.at20) ?? []).median).toBeLessThanOrEqual(400);
    const harmless = runCell(rateCell({ runs: 60, seed: 2, baseline: 0.01, candidate: 0.01 }));
    expect(tallyOf(harmless.get(judgeNames.verdict) ?? []).rolledBack).toBeLessThan(0.05);
    expect(tallyOf(harmless.get(judgeNames.invalid) ?? []).rolledBack).toBe(0);
  });

  test("ends as it ended before", () => {
    const cell = calmDay("weights", { runs: 3, seed: 5 });
    expect(runCell(cell)).toEqual(runCell(cell));
    expect(() => calmDay("sunday", { runs: 3, seed: 5 })).toThrow(RangeError);
  });
});
