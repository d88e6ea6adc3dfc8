import fc from "fast-check";
import { expect, test } from "vitest";
import { createPalette, paletteSize } from "../../../dashboards/console/page/palette.ts";
import { rangeById, ranges, windowOf } from "../../../dashboards/console/page/ranges.ts";
import { nextSorting, sortRows } from "../../../dashboards/console/page/sort.ts";
import { standingOf } from "../../../dashboards/console/page/standing.ts";
import { sumCells } from "../../../dashboards/console/page/sums.ts";

test("no two names share a colour while there are colours left, whatever their names", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: paletteSize }), (names) => {
      const slots = [...createPalette().slotsOf("model", names).values()];
      expect(new Set(slots).size).toBe(names.length);
    }),
  );
});

test("a name keeps its colour when others come and go, and the order in which names are told has no say", () => {
  const [one, other] = [createPalette(), createPalette()];
  const first = one.slotsOf("model", ["a", "b", "c"]);
  expect(one.slotsOf("model", ["c", "z", "y"]).get("c")).toBe(first.get("c"));
  expect(Object.fromEntries(other.slotsOf("model", ["c", "a", "b"]))).toEqual(Object.fromEntries(first));
});

test("names of another dimension take no colour away", () => {
  const palette = createPalette();
  const alone = createPalette().slotsOf("route", ["chat", "batch"]);
  palette.slotsOf("model", ["m1", "m2", "m3", "m4"]);
  expect(palette.slotsOf("route", ["chat", "batch"])).toEqual(alone);
});

test("an unknown range in the URL is one hour", () => {
  expect([rangeById("7d").seconds, rangeById("1y").seconds, rangeById(null).seconds]).toEqual([604_800, 3600, 3600]);
});

test("every range makes 15 to 120 buckets of whole minutes, and its window begins at a bucket", () => {
  const nowMs = Date.UTC(2026, 0, 31, 12, 34, 56);
  for (const range of ranges) {
    const window = windowOf(range, nowMs);
    expect(range.seconds / range.stepSeconds).toBeGreaterThanOrEqual(15);
    expect(range.seconds / range.stepSeconds).toBeLessThanOrEqual(120);
    expect([range.stepSeconds % 60, window.fromMs % (range.stepSeconds * 1000), window.toMs]).toEqual([0, 0, nowMs]);
    expect(nowMs - window.fromMs).toBeLessThanOrEqual(range.seconds * 1000);
  }
});

test("tables sort 64-bit integers exactly, and what is not known comes last in both directions", () => {
  const rows = [{ n: "9007199254740993" }, { n: null }, { n: "9007199254740992" }, { n: 5 }];
  const order = (direction: "ascending" | "descending"): readonly unknown[] =>
    sortRows(rows, { column: "n", direction }).map(({ n }) => n);
  expect(order("ascending")).toEqual([5, "9007199254740992", "9007199254740993", null]);
  expect(order("descending")).toEqual(["9007199254740993", "9007199254740992", 5, null]);
});

test("a heading sorts numbers from the largest and names from A, and turns over at the second press", () => {
  const byCalls = nextSorting({ column: "model", direction: "ascending" }, "calls", true);
  expect(byCalls).toEqual({ column: "calls", direction: "descending" });
  expect(nextSorting(byCalls, "calls", true)).toEqual({ column: "calls", direction: "ascending" });
  expect(nextSorting(byCalls, "model", false)).toEqual({ column: "model", direction: "ascending" });
});

test("a value on a bound has crossed it, on the side that is bad", () => {
  const above = { badWhen: "above", warn: 0.01, bad: 0.05 } as const;
  const below = { badWhen: "below", warn: 0.9999, bad: 0.99 } as const;
  expect([0, 0.01, 0.05, null].map((value) => standingOf(value, above))).toEqual(["good", "warn", "bad", null]);
  expect([1, 0.9999, 0.99, "1"].map((value) => standingOf(value, below))).toEqual(["good", "warn", "bad", "good"]);
  expect(standingOf(5, null)).toBeNull();
});

test("sums lose no digit, skip what is not known, and are not known when nothing is", () => {
  expect(sumCells(["9007199254740992", "1", null])).toBe("9007199254740993");
  expect(sumCells([0.5, "1"])).toBe(1.5);
  expect(sumCells([null, undefined])).toBeNull();
});
