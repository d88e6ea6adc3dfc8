import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { emptyHistogram, histogramOf } from "../../stats/histogram/histogram.ts";
import { categoryResidual } from "../../stats/reference/category-residual.ts";
import { linearMmd } from "../../stats/reference/linear-mmd.ts";
import { meanNormalScore, normalScores } from "../../stats/reference/normal-scores.ts";
import { logitDeviation, smoothedLogit } from "../../stats/reference/smoothed-logit.ts";

const of = (list: readonly number[]): Histogram => histogramOf(list.map((x) => [binOf(x), 1] as const));

describe("a rate", () => {
  test("has a finite value at every count", () => {
    expect(smoothedLogit(0, 10)?.value).toBeCloseTo(Math.log(0.5 / 10.5), 14);
    expect(smoothedLogit(10, 10)?.value).toBeCloseTo(-Math.log(0.5 / 10.5), 14);
    expect(smoothedLogit(0, 0)).toBeNull();
    expect(logitDeviation(Math.log(0.02 / 0.98))).toBeCloseTo(1 / Math.sqrt(0.02 * 0.98), 12);
    expect(() => smoothedLogit(2, 1)).toThrow(RangeError);
  });
});

describe("normal scores", () => {
  test("have mean 0 over their reference, ascend, and see a shift whatever the unit", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }), (list) => {
        const scores = normalScores(of(list));
        expect(scores === null ? 9 : meanNormalScore(scores, of(list))?.value).toBeCloseTo(0, 9);
        expect(scores?.scores.toSorted((a, b) => a - b)).toEqual(scores?.scores);
        const beyond = scores === null ? null : meanNormalScore(scores, of([1e9]));
        expect(beyond?.value).toBe(scores?.scores.at(-1));
      }),
    );
  });

  test("have a deviation near 1, and put a value between bins between their scores", () => {
    const scores = normalScores(of(Array.from({ length: 400 }, (_, index) => 100 * 1.01 ** index)));
    expect(scores?.deviation).toBeGreaterThan(0.98);
    expect(scores?.deviation).toBeLessThanOrEqual(1);
    const apart = normalScores(of([1, 1, 100, 100]));
    expect(apart === null ? null : meanNormalScore(apart, of([10]))?.value).toBeCloseTo(0, 12);
    expect(apart === null ? null : meanNormalScore(apart, of([0.5]))?.value).toBeCloseTo(-Math.sqrt(2 / Math.PI), 10);
    expect(normalScores(emptyHistogram)).toBeNull();
    expect(apart === null ? 1 : meanNormalScore(apart, emptyHistogram)).toBeNull();
  });
});

describe("categories", () => {
  const reference = new Map([
    ["stop", 90_000],
    ["length", 9_000],
    ["tool", 1_000],
  ]);

  test("have a residual that is standard normal where nothing changed", () => {
    const { uniform } = seededRandom(5);
    const values = Array.from({ length: 600 }, () => {
      const counts = new Map([
        ["stop", 0],
        ["length", 0],
        ["tool", 0],
      ]);
      for (let n = 0; n < 1_000; n += 1) {
        const u = uniform();
        const name = u < 0.9 ? "stop" : u < 0.99 ? "length" : "tool";
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return categoryResidual(reference, counts)?.value ?? 9;
    });
    const mean = values.reduce((sum, z) => sum + z, 0) / values.length;
    const square = values.reduce((sum, z) => sum + z * z, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(square).toBeGreaterThan(0.8);
    expect(square).toBeLessThan(1.2);
  });

  test("show a share that moved and a category that is new", () => {
    const moved = new Map([
      ["stop", 850],
      ["length", 140],
      ["tool", 10],
    ]);
    expect(categoryResidual(reference, moved)?.value).toBeGreaterThan(3);
    const fresh = new Map([
      ["stop", 880],
      ["length", 90],
      ["tool", 10],
      ["filter", 20],
    ]);
    expect(categoryResidual(reference, fresh)?.value).toBeGreaterThan(4);
    const single = new Map([
      ["stop", 901],
      ["length", 90],
      ["tool", 10],
      ["filter", 1],
    ]);
    expect(categoryResidual(reference, single)?.value).toBeLessThan(1);
  });

  test("have none without counts, or with a single cell", () => {
    expect(categoryResidual(reference, new Map())).toBeNull();
    expect(categoryResidual(new Map(), new Map([["a", 1]]))).toBeNull();
    expect(categoryResidual(new Map([["a", 50]]), new Map([["a", 50]]))).toBeNull();
  });
});

describe("linear MMD", () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  const sets = fc.array(vector, { minLength: 2, maxLength: 8 });
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0);
  const sumsOf = (set: readonly (readonly number[])[]) => ({
    count: set.length,
    sum: [0, 1, 2].map((place) => set.reduce((sum, v) => sum + (v[place] ?? 0), 0)),
    squaredNorms: set.reduce((sum, v) => sum + dot(v, v), 0),
  });

  test("from sums is the mean over all pairs", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const pairs = (one: typeof a, two: typeof a, isSame: boolean): number => {
          const products = one.flatMap((v, i) => two.filter((_, j) => !isSame || i !== j).map((w) => dot(v, w)));
          return products.reduce((sum, x) => sum + x, 0) / products.length;
        };
        const exact = pairs(a, a, true) + pairs(b, b, true) - 2 * pairs(a, b, false);
        const { squared, scaled } = linearMmd(sumsOf(a), sumsOf(b));
        expect(squared).toBeCloseTo(exact, 10);
        expect(scaled).toBeCloseTo(exact / (1 / a.length + 1 / b.length), 10);
      }),
    );
  });

  test("needs two answers in each set", () => {
    const one = { count: 1, sum: [1], squaredNorms: 1 };
    expect(() => linearMmd(one, { ...one, count: 2 })).toThrow(RangeError);
    expect(() => linearMmd({ ...one, count: 2 }, { count: 2, sum: [1, 2], squaredNorms: 5 })).toThrow(RangeError);
  });
});
