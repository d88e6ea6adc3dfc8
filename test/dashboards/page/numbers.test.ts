import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRatio, formatSi, groupDigits, toInteger, toNumber } from "../../../dashboards/console/page/numbers.ts";

test.each([
  { value: 0, text: "0" },
  { value: 950, text: "950" },
  { value: 12_345, text: "12.3 k" },
  { value: 999_950, text: "1.00 M" },
  { value: 1_230_000, text: "1.23 M" },
  { value: -4200, text: "-4.20 k" },
  { value: 5e17, text: "500 P" },
])("$value reads $text", ({ value, text }) => {
  expect(formatSi(value)).toBe(text);
});

test.each([
  { ratio: 0, text: "0%" },
  { ratio: 1, text: "100%" },
  { ratio: 0.0153, text: "1.53%" },
  { ratio: 0.5, text: "50%" },
  { ratio: 0.99999, text: "99.999%" },
  { ratio: 0.000_001_2, text: "0.0001%" },
])("the ratio $ratio reads $text", ({ ratio, text }) => {
  expect(formatRatio(ratio)).toBe(text);
});

test("only exactly nothing reads 0% and only exactly all reads 100%", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (ratio) => {
      expect(["0%", "100%"]).not.toContain(formatRatio(ratio));
    }),
  );
});

test("an SI text is within half a percent of its number", () => {
  const factors = new Map([
    ["", 1],
    ["k", 1e3],
    ["M", 1e6],
    ["G", 1e9],
    ["T", 1e12],
    ["P", 1e15],
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e15 }), (value) => {
      const [digits = "", prefix = ""] = formatSi(value).split(" ");
      expect(Math.abs(Number(digits) * (factors.get(prefix) ?? Number.NaN) - value)).toBeLessThanOrEqual(value * 0.005);
    }),
  );
});

test("digits are grouped by threes", () => {
  expect(groupDigits("1234567")).toBe("1,234,567");
  expect(groupDigits("123")).toBe("123");
});

test("a cell is a number or not known, never 0 by accident", () => {
  expect(["12", 3.5, "", " ", null, undefined, "x", Number.NaN, true].map(toNumber)).toEqual([
    12,
    3.5,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
  expect([3, "9007199254740993", 1.5, "1.5", null].map(toInteger)).toEqual([
    3n,
    9_007_199_254_740_993n,
    null,
    null,
    null,
  ]);
});
