import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chiSquareQuantile, chiSquareTail } from "../../stats/special/chi-square.ts";
import { logBeta, logChoose, logGamma } from "../../stats/special/log-gamma.ts";
import { logMeanExp, logSumExp } from "../../stats/special/log-sum-exp.ts";
import { normalQuantile, normalShare } from "../../stats/special/normal.ts";
import { logRegularizedBeta } from "../../stats/special/regularized-beta.ts";
import { requireCount, requireFinite, requireShare } from "../../stats/special/require-number.ts";

describe("log-sum-exp", () => {
  test("adds numbers that no double can hold", () => {
    expect(logSumExp([1_000, 1_000])).toBeCloseTo(1_000 + Math.LN2, 12);
    expect(logSumExp([-2_000, -2_000])).toBeCloseTo(-2_000 + Math.LN2, 12);
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
    expect(logMeanExp([Number.NEGATIVE_INFINITY, 0])).toBeCloseTo(-Math.LN2, 15);
  });

  test("refuses what is not a number", () => {
    expect(() => logSumExp([1, Number.NaN])).toThrow(TypeError);
    expect(() => logMeanExp([])).toThrow(RangeError);
  });
});

describe("log-gamma", () => {
  test("is the sum of logarithms at whole numbers, to 1e-13 of it", () => {
    let sum = 0;
    for (let n = 1; n <= 3_000; n += 1) {
      expect(Math.abs(logGamma(n) - sum)).toBeLessThan(1e-13 * Math.max(1, sum));
      sum += Math.log(n);
    }
  });

  test("is exact at a half, and counts choices", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    expect(Math.exp(logChoose(10, 3))).toBeCloseTo(120, 10);
    expect(logChoose(3, 4)).toBe(Number.NEGATIVE_INFINITY);
    expect(Math.exp(logBeta(2, 3))).toBeCloseTo(1 / 12, 14);
  });
});

describe("the normal distribution", () => {
  test.each([
    { p: 0.975, z: 1.959963984540054 },
    { p: 0.5, z: 0 },
    { p: 0.0001, z: -3.719016485455709 },
    { p: 1e-9, z: -5.997807015008182 },
  ])("a share of $p is not above $z", ({ p, z }) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 9);
    expect(normalShare(z)).toBeCloseTo(p, 12);
  });

  test("share and quantile undo each other", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
        expect(normalShare(normalQuantile(p))).toBeCloseTo(p, 11);
      }),
    );
  });
});

describe("the chi-square distribution", () => {
  test.each([
    { degrees: 1, quantile: 3.841458820694124 },
    { degrees: 9, quantile: 16.918977604620448 },
    { degrees: 100, quantile: 124.34211340400407 },
  ])("with $degrees degrees has its 95% quantile at $quantile", ({ degrees, quantile }) => {
    expect(chiSquareQuantile(0.95, degrees)).toBeCloseTo(quantile, 8);
    expect(chiSquareTail(quantile, degrees)).toBeCloseTo(0.05, 11);
  });

  test("with two degrees is exponential", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), (x) => {
        expect(chiSquareTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 12);
      }),
    );
  });
});

describe("the regularised incomplete beta function", () => {
  test("is the binomial tail at whole numbers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (a, b, x) => {
          const n = a + b - 1;
          let tail = 0;
          for (let k = a; k <= n; k += 1) {
            tail += Math.exp(logChoose(n, k) + k * Math.log(x) + (n - k) * Math.log1p(-x));
          }
          expect(Math.exp(logRegularizedBeta(a, b, x))).toBeCloseTo(tail, 11);
        },
      ),
    );
  });
});

describe("checks", () => {
  test("tell what is no number from what is out of range", () => {
    expect(() => requireFinite("x", Number.NaN)).toThrow(TypeError);
    expect(() => requireFinite("x", Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => requireCount("x", -1)).toThrow(RangeError);
    expect(() => requireCount("x", 0.5)).toThrow(RangeError);
    expect(() => requireShare("x", 1)).toThrow(RangeError);
    expect(requireCount("x", 3)).toBe(3);
  });
});
