import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import { effectLimits, judgeEffect } from "../../stats/effect/judge-effect.ts";
import { quantileShift } from "../../stats/effect/quantile-shift.ts";
import { ratioInterval, ratioLikelihood } from "../../stats/effect/ratio-interval.ts";
import { riskRatio } from "../../stats/effect/risk-ratio.ts";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { emptyHistogram, histogramOf } from "../../stats/histogram/histogram.ts";

const of = (list: readonly number[]): Histogram => histogramOf(list.map((x) => [binOf(x), 1] as const));

describe("the interval of an odds ratio", () => {
  const { start, step } = ratioLikelihood;

  test("is everything before the first bucket, and holds the ratio that the counts have after many", () => {
    expect(ratioInterval(start, 0.05)).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
    const bucket = { canary: 1_000, baseline: 1_000, canaryBad: 60, baselineBad: 20 };
    const few = ratioInterval(step(start, bucket), 0.05);
    const many = ratioInterval(Array.from({ length: 30 }, () => bucket).reduce(step, start), 0.05);
    const odds = 60 / 940 / (20 / 980);
    expect(few.low).toBeGreaterThan(1);
    expect(few.low).toBeLessThan(many.low);
    expect(many.low).toBeLessThan(odds);
    expect(many.high).toBeGreaterThan(odds);
    expect(many.high / many.low).toBeLessThan(1.5);
  });

  test("turns over when the arms are exchanged", () => {
    const bucket = { canary: 400, baseline: 900, canaryBad: 30, baselineBad: 25 };
    const swapped = { canary: 900, baseline: 400, canaryBad: 25, baselineBad: 30 };
    const [one, two] = [bucket, swapped].map((arms) => ratioInterval(step(start, arms), 0.05));
    expect((one?.low ?? 0) * (two?.high ?? 0)).toBeCloseTo(1, 9);
  });

  test("leaves out only ratios that the mean likelihood of the grid refuses", () => {
    const grid = Array.from({ length: 81 }, (_, index) => 16 ** ((index - 40) / 40));
    const bad = fc.integer({ min: 5, max: 60 });
    fc.assert(
      fc.property(bad, bad, (canaryBad, baselineBad) => {
        const arms = { canary: 500, baseline: 500, canaryBad, baselineBad };
        const { low, high } = ratioInterval(step(start, arms), 0.1);
        const ends = [low * 0.999, high * 1.001].filter((end) => end > 0 && Number.isFinite(end));
        const evidence = ends.map((end) => {
          const test = rateRatio({ nullRatio: end, grid: grid.map((ratio) => ratio / end) });
          return test.logEvidence(test.step(test.start, arms));
        });
        expect(evidence.every((log) => log >= Math.log(10))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("misses the true ratio at any look in at most alpha of runs", () => {
    const { uniform } = seededRandom(17);
    const draw = (n: number, p: number): number => Array.from({ length: n }, uniform).filter((u) => u < p).length;
    let missed = 0;
    for (let run = 0; run < 120; run += 1) {
      let state = start;
      let isMissed = false;
      for (let look = 0; look < 20; look += 1) {
        state = step(state, { canary: 40, baseline: 40, canaryBad: draw(40, 0.2), baselineBad: draw(40, 0.2) });
        const { low, high } = ratioInterval(state, 0.1);
        isMissed = isMissed || low > 1 || high < 1;
      }
      missed += isMissed ? 1 : 0;
    }
    expect(missed / 120).toBeLessThanOrEqual(0.1);
  });
});

describe("effects", () => {
  test("a ratio of odds is a ratio of rates where the baseline is known", () => {
    expect(riskRatio(0.06 / 0.94 / (0.02 / 0.98), 0.02)).toBeCloseTo(3, 12);
    expect(riskRatio(2, 0)).toBe(2);
    expect(() => riskRatio(2, 1.5)).toThrow(RangeError);
  });

  test("a quantile shifts by a share of itself", () => {
    const shift = quantileShift(of([100, 200, 300]), of([120, 240, 360]), 0.5) ?? 0;
    expect(Math.abs(shift - 0.2)).toBeLessThan(0.03);
    expect(quantileShift(emptyHistogram, of([1]), 0.5)).toBeNull();
    expect(quantileShift(of([0]), of([1]), 0.5)).toBeNull();
  });

  test.each([
    { effects: {}, isLarge: false, reason: "no effect is above its limit" },
    {
      effects: { rateRatioLow: 1.25, rateRatioHigh: 0.8, quantileShift: 0.1 },
      isLarge: false,
      reason: "no effect is above its limit",
    },
    { effects: { rateRatioLow: 1.31 }, isLarge: true, reason: "rate ratio at least 1.31" },
    { effects: { rateRatioHigh: 0.5 }, isLarge: true, reason: "rate ratio at most 0.5" },
    {
      effects: { quantileShift: -0.1234, wassersteinInDeviations: 0.2, rateRatioLow: null },
      isLarge: true,
      reason: "quantile shift -0.123, Wasserstein distance in deviations 0.2",
    },
    { effects: { psiBeyondNoise: 0.11 }, isLarge: true, reason: "stability index beyond noise 0.11" },
  ])("$effects are judged: $reason", ({ effects, isLarge, reason }) => {
    expect(judgeEffect(effects)).toEqual({ isLarge, reason });
  });

  test("limits can be narrower", () => {
    expect(judgeEffect({ quantileShift: 0.07 }, { ...effectLimits, quantileShift: 0.05 }).isLarge).toBe(true);
  });

  test("an effect that is no number is refused", () => {
    expect(() => judgeEffect({ quantileShift: Number.NaN })).toThrow(TypeError);
  });
});
