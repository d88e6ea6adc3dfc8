import { describe, expect, test } from "vitest";
import { isHigh } from "../../../bench/canary/kayenta.ts";
import { largestGap, quantileEvidence, quantilePlace } from "../../../bench/canary/number-rules.ts";
import { bestInHindsight, flagger, mixtureOf, rateRules, zOf } from "../../../bench/canary/rate-rules.ts";
import type { NumberCounts, RateCounts } from "../../../bench/canary/rule.ts";
import { quantileAbPValue } from "../../../stats/bounds/quantile-ab.ts";

/** [requests, bad] of both arms. */
const rates = (
  [candidate, candidateBad]: readonly [number, number],
  [baseline, baselineBad]: readonly [number, number],
): RateCounts => ({ candidate, candidateBad, baseline, baselineBad, twinBad: 0 });

const numbers = (candidate: readonly number[], baseline: readonly number[]): NumberCounts => ({
  candidate: Int32Array.from(candidate),
  baseline: Int32Array.from(baseline),
  twin: new Int32Array(candidate.length),
});

const whenOf = (answers: readonly boolean[]): number => answers.indexOf(true) + 1;

describe("Flagger", () => {
  test("rolls back at the fifth failed check, however many were passed between", () => {
    const bad = rates([100, 3], [1_900, 19]);
    const good = rates([100, 0], [1_900, 19]);
    const watch = flagger(0.02);
    const minutes = [bad, good, bad, good, good, bad, good, bad, good, bad, good];
    expect(whenOf(minutes.map(watch))).toBe(10);
  });

  test("takes a rate at the limit as passed, and a minute without a request as failed", () => {
    const watch = flagger(0.02);
    expect(Array.from({ length: 9 }, () => watch(rates([100, 2], [1_900, 0])))).not.toContain(true);
    const empty = flagger(0.02);
    expect(whenOf(Array.from({ length: 9 }, () => empty(rates([0, 0], [2_000, 0]))))).toBe(5);
  });

  test("has the fastest of the limits that seldom err, chosen in hindsight", () => {
    const never = Number.POSITIVE_INFINITY;
    const outcomes = (one: readonly number[], two: readonly number[], three: readonly number[]) =>
      new Map([
        ["other", [1]],
        ["Flagger at 1", one],
        ["Flagger at 2", two],
        ["Flagger at 3", three],
      ]);
    const harmless = outcomes([500, 500], [never, never], [never, never]);
    const harmful = outcomes([100, 100], [300, 400], [600, 700]);
    expect(bestInHindsight(harmless, harmful)).toEqual([
      new Map([
        ["other", [1]],
        ["Flagger, best limit in hindsight", [never, never]],
      ]),
      new Map([
        ["other", [1]],
        ["Flagger, best limit in hindsight", [300, 400]],
      ]),
    ]);
  });
});

describe("Kayenta", () => {
  const points = Array.from({ length: 10 }, (_, index) => index);

  test("calls a metric high whose points all lie above, and not one whose points are the same", () => {
    expect(
      isHigh(
        points.map((point) => point + 10),
        points,
      ),
    ).toBe(true);
    expect(isHigh(points, points)).toBe(false);
    expect(
      isHigh(
        points,
        points.map((point) => point + 10),
      ),
    ).toBe(false);
  });

  test("is not sure of anything with three points, and of nothing without one", () => {
    expect(isHigh([11, 12, 13], [1, 2, 3])).toBe(false);
    expect(isHigh([], [])).toBe(false);
  });

  test("has the 19th smallest of 100 differences as its lower end, and a quarter of the middle one as tolerance", () => {
    // 10 and 10 points: 50 - 2.326 sqrt(100 * 21 / 12) = 19.2, so that the 19th smallest difference decides.
    // Against ten times the same value the differences are the candidate's points, ten times each: the 19th is the second point.
    const once = points.map(() => 0);
    const second = (value: number): number[] => [0, value, ...points.slice(2).map(() => 4)];
    expect(isHigh(second(1.01), once)).toBe(true);
    expect(isHigh(second(0.99), once)).toBe(false);
  });
});

describe("tests of two rates", () => {
  test("z is the difference over its pooled deviation", () => {
    expect(zOf(rates([100, 4], [1_900, 19]))).toBeCloseTo(
      0.03 / Math.sqrt(0.0115 * 0.9885 * (1 / 100 + 1 / 1_900)),
      10,
    );
    expect(zOf(rates([100, 0], [1_900, 0]))).toBe(0);
  });

  test("the mixture is the mean of the likelihood over differences that are half normal", () => {
    const counts = rates([400, 8], [7_600, 76]);
    const rate = 84 / 8_000;
    const variance = rate * (1 - rate) * (1 / 400 + 1 / 7_600);
    const [shift, step] = [0.01, 1e-5];
    const mean = Array.from({ length: 10_000 }, (_, index) => (index + 0.5) * step).reduce((sum, size) => {
      const density = (2 / (shift * Math.sqrt(2 * Math.PI))) * Math.exp(-((size / shift) ** 2) / 2);
      return sum + step * density * Math.exp((0.01 * size) / variance - size ** 2 / (2 * variance));
    }, 0);
    expect(mixtureOf(counts, shift)).toBeCloseTo(mean, 6);
    expect(mixtureOf(rates([400, 0], [7_600, 0]), shift)).toBe(1);
  });

  test("Pocock's looks come every ten minutes, z's every minute", () => {
    const [pocock, z] = ["Pocock, 6 looks", "z each minute"].map((name) =>
      rateRules(0.01)
        .find((rule) => rule.name === name)
        ?.start(),
    );
    const minutes = Array.from({ length: 20 }, () => rates([100, 4], [1_900, 19]));
    expect(whenOf(minutes.map((minute) => z?.(minute) ?? false))).toBe(1);
    expect(whenOf(minutes.map((minute) => pocock?.(minute) ?? false))).toBe(10);
  });
});

describe("tests of two distributions", () => {
  const spread = (counts: Int32Array): number[] => [...counts].flatMap((count, place) => Array(count).fill(place));

  test("the gap is the largest by which the candidate lies above the baseline", () => {
    expect(largestGap(numbers([1, 1, 2], [2, 1, 1]))).toBeCloseTo(0.25, 12);
    expect(largestGap(numbers([2, 1, 1], [1, 1, 2]))).toBe(0);
  });

  test("a quantile lies at the first place with enough at or below it", () => {
    const counts = Int32Array.from([5, 90, 4, 1]);
    expect([0.05, 0.06, 0.95, 0.99, 1].map((share) => quantilePlace(counts, share))).toEqual([0, 1, 1, 2, 3]);
  });

  test("Howard and Ramdas' evidence is that of the values themselves", () => {
    const slower = numbers([200, 150, 60, 40, 30, 20], [2_000, 1_500, 400, 90, 9, 1]);
    const p = quantileAbPValue({
      first: spread(slower.candidate),
      second: spread(slower.baseline),
      level: 0.95,
      optimalCount: 500,
    });
    expect(p).toBeLessThan(0.01);
    expect(quantileEvidence(slower)).toBeCloseTo(-Math.log(p), 1);
    expect(quantileEvidence(numbers([10, 10, 10], [10, 10, 10]))).toBe(0);
  });
});
