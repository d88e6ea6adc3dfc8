import { describe, expect, test } from "vitest";
import { betting } from "../../stats/evidence/betting.ts";
import { cappedMean } from "../../stats/evidence/capped-mean.ts";
import { exceedance, exceedanceLevels } from "../../stats/evidence/exceedance.ts";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import { sampleRatio } from "../../stats/evidence/sample-ratio.ts";
import { witnessBetting, witnessOf, witnessScore } from "../../stats/evidence/witness.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import { histogramOf } from "../../stats/histogram/histogram.ts";
import { countsAbove, quantileBin } from "../../stats/histogram/histogram-quantile.ts";
import { logBeta, logGamma } from "../../stats/special/log-gamma.ts";
import { evidenceAfter } from "./ways-to-fall.ts";

describe("test D", () => {
  test("is the mean of test B over its thresholds", () => {
    const test = exceedance(2);
    const state = test.step(test.start, { canary: 50, baseline: 50, canaryAbove: [30, 9], baselineAbove: [20, 2] });
    const one = rateRatio({ grid: [1.1, 1.25, 1.5, 2, 2.5, 3, 4, 6] });
    const each = [
      { canary: 50, baseline: 50, canaryBad: 30, baselineBad: 20 },
      { canary: 50, baseline: 50, canaryBad: 9, baselineBad: 2 },
    ].map((arms) => evidenceAfter(one, [arms]));
    expect(Math.exp(test.logEvidence(state))).toBeCloseTo(each.reduce((sum, e) => sum + e, 0) / 2, 12);
    expect(() => test.step(state, { canary: 5, baseline: 5, canaryAbove: [1], baselineAbove: [1] })).toThrow(
      RangeError,
    );
  });
});

describe("test D on histograms", () => {
  test("counts above thresholds that are bins of the baseline's quantiles", () => {
    const values = Array.from({ length: 400 }, (_, index) => 100 + index);
    const baseline = histogramOf(values.map((value) => [binOf(value), 1] as const));
    const canary = histogramOf(values.map((value) => [binOf(1.5 * value), 1] as const));
    const thresholds = exceedanceLevels.map((level) => quantileBin(baseline, level) ?? 0);
    const test = exceedance(thresholds.length);
    const bucket = { canary: 400, baseline: 400, baselineAbove: countsAbove(baseline, thresholds) };
    const evidence = evidenceAfter(test, [{ ...bucket, canaryAbove: countsAbove(canary, thresholds) }]);
    expect(evidence).toBeGreaterThan(1e6);
    expect(evidenceAfter(test, [{ ...bucket, canaryAbove: bucket.baselineAbove }])).toBeLessThan(1);
  });
});

describe("test E", () => {
  test("does not depend on how units are cut into steps, and multiplies over weights", () => {
    const test = sampleRatio();
    const early = { weights: [0.05, 0.95], units: [60, 940] };
    const more = { weights: [0.05, 0.95], units: [500, 8_500] };
    const later = { weights: [0.2, 0.8], units: [300, 700] };
    const whole = { weights: [0.05, 0.95], units: [560, 9_440] };
    const expected = Math.log(evidenceAfter(test, [whole])) + Math.log(evidenceAfter(test, [later]));
    expect(Math.log(evidenceAfter(test, [early, more, later]))).toBeCloseTo(expected, 9);
  });

  test("is the Dirichlet-multinomial likelihood ratio", () => {
    // With two arms that is a beta-binomial one.
    const ratio = logBeta(30 + 7, 70 + 3) - logBeta(30, 70) - 7 * Math.log(0.3) - 3 * Math.log(0.7);
    expect(Math.log(evidenceAfter(sampleRatio(), [{ weights: [0.3, 0.7], units: [7, 3] }]))).toBeCloseTo(ratio, 11);
    expect(logGamma(1)).toBeCloseTo(0, 14);
  });

  test("refuses weights that are none", () => {
    const { start, step } = sampleRatio();
    expect(() => step(start, { weights: [0.5, 0.6], units: [1, 1] })).toThrow(RangeError);
    expect(() => step(start, { weights: [1], units: [1] })).toThrow(RangeError);
    expect(() => step(start, { weights: [0.5, 0.5], units: [1, -1] })).toThrow(RangeError);
  });
});

describe("tests F and G", () => {
  test("capital never falls to 0, and grows when the canary costs more", () => {
    const test = cappedMean({ cap: 100 });
    const same = Array.from({ length: 200 }, () => ({ value: 0, baseline: [100, 100] }));
    const more = Array.from({ length: 200 }, (_, i) => ({ value: 60 + (i % 3), baseline: [30 + (i % 5)] }));
    expect(evidenceAfter(test, same)).toBeGreaterThan(0);
    expect(evidenceAfter(test, more)).toBeGreaterThan(1_000);
  });

  test("a tolerated increase is no evidence", () => {
    const tolerant = cappedMean({ cap: 100, nullRatio: 1.5 });
    const more = Array.from({ length: 200 }, () => ({ value: 44, baseline: [30] }));
    expect(evidenceAfter(tolerant, more)).toBeLessThan(1);
    expect(evidenceAfter(cappedMean({ cap: 100 }), more)).toBeGreaterThan(100);
    const double = cappedMean({ cap: 100, nullRatio: 2 });
    expect(evidenceAfter(double, [{ value: 100, baseline: [0] }])).toBeCloseTo(1.05, 14);
    expect(evidenceAfter(double, [{ value: 0, baseline: [100] }])).toBeCloseTo(0.9, 14);
  });

  test("bets are made on the past alone: the first ten are small, whatever comes", () => {
    const test = betting({ cap: 0.5 });
    expect(evidenceAfter(test, [1])).toBeCloseTo(1.1, 14);
    expect(evidenceAfter(test, [-1])).toBeCloseTo(0.9, 14);
    expect(() => test.step(test.start, 1.01)).toThrow(RangeError);
    expect(() => test.step(test.start, Number.NaN)).toThrow(TypeError);
  });

  test("a witness tells arms apart whose means differ", () => {
    const witness = witnessOf({ count: 2, sum: [2, 0] }, { count: 2, sum: [0, 0] });
    expect(witness).toEqual({ direction: [1, 0], centre: 0.5 });
    expect(witnessOf({ count: 2, sum: [2, 4] }, { count: 1, sum: [1, 2] })).toBeNull();
    const scores = [
      [0.6, 9],
      [5, 0],
      [-5, 0],
    ].map((vector) => witnessScore({ direction: [1, 0], centre: 0.5 }, vector));
    expect(scores.map((score) => Number(score.toFixed(9)))).toEqual([0.1, 0.25, -0.25]);
    const apart = Array.from({ length: 60 }, () => ({ score: 0.1, baseline: [-0.1] }));
    expect(evidenceAfter(witnessBetting(), apart)).toBeGreaterThan(1_000);
    expect(evidenceAfter(witnessBetting(), apart.slice(0, 1))).toBeCloseTo(1.04, 14);
    expect(() => evidenceAfter(witnessBetting(), [{ score: 0.3, baseline: [0] }])).toThrow(RangeError);
  });
});
