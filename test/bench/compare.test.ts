import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Baseline } from "../../bench/compare.ts";
import { baselineShape, compare, record } from "../../bench/compare.ts";
import type { Figure } from "../../bench/figure.ts";
import { median, medianFigure, quantile } from "../../bench/figure.ts";

const figure = (name: string, value: number, unit: string): Figure => ({
  name,
  value,
  unit,
  n: 5,
  at: "2026-11-21T00:00:00.000Z",
});
const baseline = (...figures: readonly Figure[]): Baseline => ({ machine: "m", node: "v24", figures: [...figures] });

describe("compare", () => {
  test.each([
    { name: "a throughput at 0.86 of its baseline", unit: "calls/s", before: 1_000, now: 860, isWorse: false },
    { name: "a throughput at 0.84 of its baseline", unit: "calls/s", before: 1_000, now: 840, isWorse: true },
    { name: "a ratio that fell below 0.85", unit: "ratio", before: 0.6, now: 0.5, isWorse: true },
    { name: "a share of runs that find a change and rose", unit: "share of runs", before: 0.5, now: 1, isWorse: false },
    { name: "a time at 1.19 of its baseline", unit: "ms", before: 1, now: 1.19, isWorse: false },
    { name: "a time at 1.21 of its baseline", unit: "ms", before: 1, now: 1.21, isWorse: true },
    { name: "a size that shrank", unit: "MB", before: 150, now: 90, isWorse: false },
  ])("$name: worse is $isWorse", ({ unit, before, now, isWorse }) => {
    const [comparison] = compare([figure("f", now, unit)], baseline(figure("f", before, unit)));
    expect(comparison).toEqual({ name: "f", value: now, baseline: before, isWorse });
  });

  test("a figure without a baseline is compared with nothing", () => {
    expect(compare([figure("new", 1, "ms")], baseline(figure("old", 1, "ms")))).toEqual([]);
  });
});

describe("record", () => {
  test("replaces figures of the same name and keeps the others, in order of name", () => {
    const recorded = record(baseline(figure("b", 1, "ms"), figure("c", 1, "ms")), [
      figure("c", 2, "ms"),
      figure("a", 3, "ms"),
    ]);
    expect(recorded.figures.map(({ name, value }) => [name, value])).toEqual([
      ["a", 3],
      ["b", 1],
      ["c", 2],
    ]);
  });
});

describe("figures", () => {
  test("a quantile is one of the values, and at least its share of them are not above it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const value = quantile(values, q);
        expect(values).toContain(value);
        expect(values.filter((each) => each <= value).length).toBeGreaterThanOrEqual(q * values.length);
      }),
    );
  });

  test("the median of five runs is the third; of none it is not a number", () => {
    expect(median([5, 1, 4, 2, 3])).toBe(3);
    expect(median([])).toBeNaN();
    expect(medianFigure("x", "ms", [0.123456, 2, 1])).toMatchObject({ name: "x", value: 1, unit: "ms", n: 3 });
  });
});

describe("bench/baseline.json", () => {
  test("is a baseline, every figure of it a median of at least 5 runs or a single reading", () => {
    const text = readFileSync(new URL("../../bench/baseline.json", import.meta.url), "utf8");
    const { figures } = baselineShape.parse(JSON.parse(text));
    expect(figures.length).toBeGreaterThan(10);
    expect(figures.filter(({ n }) => n !== 1 && n < 5)).toEqual([]);
  });
});
