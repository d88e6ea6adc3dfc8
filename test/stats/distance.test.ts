import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.ts";
import type { AlignedCounts } from "../../stats/distance/aligned-counts.ts";
import { alignByQuantiles, alignCategories, alignHistograms } from "../../stats/distance/aligned-counts.ts";
import { chiSquareDistance } from "../../stats/distance/chi-square-distance.ts";
import type { Distance } from "../../stats/distance/distance.ts";
import { jensenShannon } from "../../stats/distance/jensen-shannon.ts";
import { kolmogorovSmirnov } from "../../stats/distance/kolmogorov-smirnov.ts";
import { psi } from "../../stats/distance/psi.ts";
import { wasserstein } from "../../stats/distance/wasserstein.ts";
import { binOf, binValue } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { emptyHistogram, histogramOf } from "../../stats/histogram/histogram.ts";

const cells = fc
  .array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 8 })
  .map((pairs) => ({ reference: pairs.map(([a]) => a), current: pairs.map(([, b]) => b) }))
  .filter(({ reference, current }) => reference.some((n) => n > 0) && current.some((n) => n > 0));

const swap = ({ reference, current }: AlignedCounts): AlignedCounts => ({ reference: current, current: reference });
const of = (list: readonly number[]): Histogram => histogramOf(list.map((x) => [binOf(x), 1] as const));
const samples = fc.array(fc.double({ min: 0.01, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 30 });
const chiSquare = (counts: AlignedCounts): Distance => chiSquareDistance(counts);
const inBits = (counts: AlignedCounts): Distance => jensenShannon(counts, "bits");

const distances = [
  { name: "PSI", distance: psi, most: Number.POSITIVE_INFINITY },
  { name: "Jensen-Shannon", distance: jensenShannon, most: Math.sqrt(Math.LN2) },
  { name: "Jensen-Shannon in bits", distance: inBits, most: 1 },
  { name: "chi-square", distance: chiSquare, most: 1 },
  { name: "Kolmogorov-Smirnov", distance: kolmogorovSmirnov, most: 1 },
];

describe.each(distances)("$name", ({ distance, most }) => {
  test("is symmetric, bounded, and 0 between a sample and itself", () => {
    fc.assert(
      fc.property(cells, (counts) => {
        const { value, noise, corrected } = distance(counts);
        expect(distance(swap(counts)).value).toBeCloseTo(value, 10);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(most + 1e-12);
        expect(corrected).toBeLessThanOrEqual(value);
        expect(noise).toBeGreaterThanOrEqual(0);
        const same = distance({ reference: counts.reference, current: counts.reference });
        expect(same.value).toBeCloseTo(0, 7);
        expect(same.corrected).toBe(0);
      }),
    );
  });

  test("is refused without values, or with counts that are none", () => {
    expect(() => distance({ reference: [0], current: [1] })).toThrow(RangeError);
    expect(() => distance({ reference: [1, 2], current: [1] })).toThrow(RangeError);
    expect(() => distance({ reference: [1], current: [-1] })).toThrow(RangeError);
    expect(() => distance({ reference: [Number.NaN], current: [1] })).toThrow(TypeError);
  });
});

describe("distances by hand", () => {
  const counts = { reference: [98, 2], current: [94, 6] };

  test("a refusal rate that triples from 2% to 6% has a small PSI and JS distance, whatever the size", () => {
    const large = { reference: [980_000, 20_000], current: [940_000, 60_000] };
    expect(psi(large).value).toBeCloseTo(0.0456, 4);
    expect(jensenShannon(large).value).toBeCloseTo(0.0739, 3);
  });

  test("chi-square is Pearson's, with its p-value", () => {
    const { statistic, degrees, pValue } = chiSquareDistance(counts);
    // 200 (98 * 6 - 2 * 94)^2 / (192 * 8 * 100 * 100)
    expect(statistic).toBeCloseTo((200 * 400 ** 2) / (192 * 8 * 10_000), 12);
    expect(degrees).toBe(1);
    expect(pValue).toBeCloseTo(0.14891, 4);
    expect(chiSquareDistance({ reference: [5, 0], current: [7, 0] })).toMatchObject({
      degrees: 0,
      pValue: 1,
      value: 0,
    });
  });

  test("samples that share no value are as far apart as can be", () => {
    const apart = { reference: [7, 0], current: [0, 3] };
    expect(kolmogorovSmirnov(apart).value).toBeCloseTo(1, 12);
    expect(inBits(apart).value).toBeCloseTo(1, 12);
    expect(chiSquare(apart).value).toBeCloseTo(1, 12);
  });
});

describe("Wasserstein-1", () => {
  /** The area between the distribution functions, from quantile to quantile of the raw samples. */
  const bruteForce = (a: readonly number[], b: readonly number[]): number => {
    const [one, two] = [a, b].map((list) => list.map((x) => binValue(binOf(x))).toSorted((x, y) => x - y));
    const repeated = (list: readonly number[] = [], times: number): readonly number[] =>
      list.flatMap((x) => Array.from({ length: times }, () => x));
    const left = repeated(one, b.length);
    const right = repeated(two, a.length);
    return left.reduce((sum, x, index) => sum + Math.abs(x - (right[index] ?? 0)), 0) / left.length;
  };

  test("is the mean distance of sorted samples", () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const { value } = wasserstein(of(a), of(b));
        const exact = bruteForce(a, b);
        expect(Math.abs(value - exact)).toBeLessThan(1e-9 * (1 + exact));
        expect(wasserstein(of(b), of(a)).value).toBeCloseTo(value, 6);
      }),
    );
  });

  test("is off by at most 1% of the values it moves, and is null in deviations that do not exist", () => {
    const { value, inDeviations } = wasserstein(of([100, 100]), of([150, 150]));
    expect(Math.abs(value - 50)).toBeLessThan(2.5);
    expect(inDeviations).toBeNull();
    expect(() => wasserstein(emptyHistogram, of([1]))).toThrow(RangeError);
  });
});

/** Share of pairs of identical samples for which a distance exceeds its noise. */
const falseShare = (pairs: number, exceeds: (draw: (count: number) => readonly number[]) => boolean): number => {
  const { normal } = seededRandom(11);
  const draw = (count: number): readonly number[] => Array.from({ length: count }, () => Math.exp(6 + 0.9 * normal()));
  return Array.from({ length: pairs }, () => exceeds(draw)).filter(Boolean).length / pairs;
};

describe("noise is exceeded by about 5% of identical samples", () => {
  const exceeds = ({ value, noise }: Distance): boolean => value > noise;

  test.each([
    { name: "PSI", distance: psi, low: 0.02, high: 0.08 },
    { name: "Jensen-Shannon", distance: jensenShannon, low: 0.02, high: 0.09 },
    { name: "chi-square", distance: chiSquare, low: 0.02, high: 0.08 },
  ])("$name over ten quantiles", ({ distance, low, high }) => {
    const share = falseShare(400, (draw) => exceeds(distance(alignByQuantiles(of(draw(300)), of(draw(200))))));
    expect(share).toBeGreaterThan(low);
    expect(share).toBeLessThan(high);
  });

  test("Kolmogorov-Smirnov and Wasserstein over all bins", () => {
    const smirnov = falseShare(400, (draw) =>
      exceeds(kolmogorovSmirnov(alignHistograms(of(draw(300)), of(draw(200))))),
    );
    const moved = falseShare(400, (draw) => exceeds(wasserstein(of(draw(300)), of(draw(200)))));
    expect([smirnov, moved].every((share) => share > 0.01 && share < 0.08)).toBe(true);
  });
});

describe("aligning", () => {
  test("keeps categories apart and in order", () => {
    const counts = alignCategories(
      new Map([
        ["stop", 3],
        ["length", 1],
      ]),
      new Map([
        ["tool", 2],
        ["stop", 5],
      ]),
    );
    expect(counts).toEqual({ reference: [3, 1, 0], current: [5, 0, 2] });
  });

  test("by quantiles loses no value, and gives cells of equal shares where values do not repeat", () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const { reference, current } = alignByQuantiles(of(a), of(b));
        expect(reference.reduce((sum, n) => sum + n, 0)).toBe(a.length);
        expect(current.reduce((sum, n) => sum + n, 0)).toBe(b.length);
        expect(reference.every((n) => n > 0)).toBe(true);
      }),
    );
    const spread = Array.from({ length: 100 }, (_, index) => 1.05 ** index);
    expect(alignByQuantiles(of(spread), of([1])).reference).toEqual(Array.from({ length: 10 }, () => 10));
    expect(alignByQuantiles(of([5, 5, 5]), of([1, 9]))).toEqual({ reference: [3], current: [2] });
  });
});
