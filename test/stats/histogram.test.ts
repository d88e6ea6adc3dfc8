import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binGamma, binOf, binValue, zeroBin } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { emptyHistogram, histogramOf, totalOf } from "../../stats/histogram/histogram.ts";
import { histogramMoments } from "../../stats/histogram/histogram-moments.ts";
import { countsAbove, histogramQuantile, quantileBin } from "../../stats/histogram/histogram-quantile.ts";
import { mergeHistograms } from "../../stats/histogram/merge-histograms.ts";
import { subtractHistogram } from "../../stats/histogram/subtract-histogram.ts";
import { callsByMinute, gamma } from "../../store/catalogue-rollup.ts";

const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e9, noNaN: true }));
const values = fc.array(value, { minLength: 1, maxLength: 60 });
const histogram = fc.array(value, { maxLength: 40 }).map((list) => of(list));

const of = (list: readonly number[]): Histogram => histogramOf(list.map((x) => [binOf(x), 1] as const));

describe("bins", () => {
  test("are those of the store's rollups", () => {
    expect(binGamma).toBe(gamma);
    const sql = callsByMinute.sums.find(({ name }) => name === "ttft_ms_bins")?.expression ?? "";
    expect(sql).toContain(`toInt16(${zeroBin})`);
    expect(sql).toContain(`toInt16(ceil(log(greatest(toFloat64(ifNull(c.ttft_ms, 0)), 1e-9)) / log(${binGamma})))`);
  });

  test("hold their values to within 1%", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (x) => {
        expect(Math.abs(binValue(binOf(x)) / x - 1)).toBeLessThanOrEqual(0.01);
      }),
    );
    expect([binOf(0), binOf(1), binOf(1.01), binOf(1e-12)]).toEqual([zeroBin, 0, 1, binOf(1e-9)]);
    expect(binValue(zeroBin)).toBe(0);
  });

  test("take no negative, infinite or missing value", () => {
    expect(() => binOf(-1)).toThrow(RangeError);
    expect(() => binOf(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => binOf(Number.NaN)).toThrow(TypeError);
    expect(() => histogramOf([[0.5, 1]])).toThrow(RangeError);
    expect(() => histogramOf([[1, -1]])).toThrow(RangeError);
    expect(() => histogramOf([[40_000, 1]])).toThrow(RangeError);
  });
});

describe("merging", () => {
  test("is associative and commutative, and empty ones add nothing", () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        const whole = mergeHistograms([a, b, c]);
        expect(mergeHistograms([mergeHistograms([c, a]), b])).toEqual(whole);
        expect(mergeHistograms([a, mergeHistograms([b, c])])).toEqual(whole);
        expect(mergeHistograms([whole, emptyHistogram])).toEqual(whole);
        expect(totalOf(whole)).toBe(totalOf(a) + totalOf(b) + totalOf(c));
      }),
    );
  });

  test("is the same as counting all values at once", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(mergeHistograms([of(a), of(b)])).toEqual(of([...a, ...b]));
      }),
    );
  });

  test("is undone by subtracting", () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        expect(subtractHistogram(mergeHistograms([a, b]), b)).toEqual(a);
      }),
    );
    expect(() => subtractHistogram(of([1]), of([1, 1]))).toThrow(RangeError);
    expect(() => subtractHistogram(of([1]), of([5]))).toThrow(RangeError);
  });
});

describe("a quantile", () => {
  test("is off by at most 1% from that of the values", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, level) => {
        const sorted = list.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(Math.ceil(level * list.length), 1) - 1] ?? 0;
        const read = histogramQuantile(of(list), level) ?? -1;
        expect(Math.abs(read - exact)).toBeLessThanOrEqual(0.01 * exact);
      }),
    );
  });

  test("of nothing is null, and a level beyond 1 is refused", () => {
    expect(histogramQuantile(emptyHistogram, 0.5)).toBeNull();
    expect(() => quantileBin(of([1]), 1.1)).toThrow(RangeError);
    expect(() => quantileBin(of([1]), Number.NaN)).toThrow(TypeError);
  });

  test("is exceeded by the values that are counted above it", () => {
    const samples = of([0, 1, 10, 100, 1_000]);
    expect(countsAbove(samples, [zeroBin, binOf(10), binOf(5_000)])).toEqual([4, 2, 0]);
  });
});

describe("moments", () => {
  test("are off by at most 1%", () => {
    fc.assert(
      fc.property(values, (list) => {
        const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
        const moments = histogramMoments(of(list));
        expect(moments?.count).toBe(list.length);
        expect(Math.abs((moments?.mean ?? -1) - mean)).toBeLessThanOrEqual(0.01 * mean);
      }),
    );
    expect(histogramMoments(emptyHistogram)).toBeNull();
    expect(histogramMoments(of([5, 5]))?.deviation).toBe(0);
  });
});
