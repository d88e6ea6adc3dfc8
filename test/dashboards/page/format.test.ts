import { expect, test } from "vitest";
import { formatAxis, toPlotted } from "../../../dashboards/console/page/axis.ts";
import { formatExact, formatValue } from "../../../dashboards/console/page/format.ts";
import type { Unit } from "../../../dashboards/panel.ts";

test.each([
  { cell: "1234567", unit: "calls", text: "1,234,567" },
  { cell: "1234567", unit: "tokens", text: "1.23 M" },
  { cell: "1234567", unit: "nanodollars", text: "$0.001234567" },
  { cell: 1234, unit: "milliseconds", text: "1.23 s" },
  { cell: 1.8, unit: "seconds", text: "1.8 s" },
  { cell: 0.034, unit: "ratio", text: "3.4%" },
  { cell: "gpt-4o", unit: "none", text: "gpt-4o" },
  { cell: 0, unit: "calls", text: "0" },
] as const)("$cell $unit read $text", ({ cell, unit, text }) => {
  expect(formatValue(cell, unit)).toBe(text);
});

test("what is not known is a dash in every unit, never 0", () => {
  const units: readonly Unit[] = [
    "none",
    "calls",
    "tokens",
    "nanodollars",
    "milliseconds",
    "seconds",
    "ratio",
    "timestamp",
  ];
  expect(units.map((unit) => formatValue(null, unit))).toEqual(units.map(() => "–"));
});

test("a count of tokens has all its digits on demand", () => {
  expect(formatExact("1234567", "tokens")).toBe("1,234,567 tokens");
  expect(formatExact(null, "tokens")).toBe("–");
});

test.each([
  { value: 0.0002, unit: "nanodollars", increment: 0.0001, text: "$0.0002" },
  { value: 1.5, unit: "nanodollars", increment: 0.5, text: "$1.5" },
  { value: 0, unit: "nanodollars", increment: 0.5, text: "$0" },
  { value: 0.025, unit: "ratio", increment: 0.005, text: "2.5%" },
  { value: 1500, unit: "milliseconds", increment: 500, text: "1.5 s" },
  { value: 25_000, unit: "tokens", increment: 5000, text: "25 k" },
  { value: 12_500, unit: "tokens", increment: 2500, text: "12.5 k" },
  { value: 100_000, unit: "calls", increment: 50_000, text: "100 k" },
  { value: 300, unit: "calls", increment: 100, text: "300" },
] as const)("an axis says $text for $value $unit", ({ value, unit, increment, text }) => {
  expect(formatAxis(value, unit, increment)).toBe(text);
});

test("charts plot dollars, and a gap where nothing is known", () => {
  expect(toPlotted("2500000000", "nanodollars")).toBe(2.5);
  expect(toPlotted("25", "calls")).toBe(25);
  expect(toPlotted(undefined, "calls")).toBeNull();
});
