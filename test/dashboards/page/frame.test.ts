import fc from "fast-check";
import { expect, test } from "vitest";
import { buildFrame, hasValues, plotted } from "../../../dashboards/console/page/frame.ts";
import { stack } from "../../../dashboards/console/page/stack.ts";
import { sumByBucket } from "../../../dashboards/console/page/sum-by-bucket.ts";
import type { TimeseriesPanel } from "../../../dashboards/panel.ts";

const panel: TimeseriesPanel = {
  id: "calls",
  title: "Calls",
  description: "Calls.",
  question: "calls",
  kind: "timeseries",
  time: "time",
  series: ["route"],
  values: [{ column: "calls", title: "Calls", unit: "calls" }],
  shown: "calls",
  shape: "bars",
};
const start = Date.UTC(2026, 0, 31, 12);
const window = { fromMs: start, toMs: start + 180_000, stepSeconds: 60 };

test("rows are laid out on every bucket of the window, and a bucket without a row is no 0", () => {
  const rows = [
    { time: "2026-01-31 12:02:00", route: "b", calls: "7" },
    { time: "2026-01-31 12:00:00", route: "a", calls: "3" },
    { time: "2026-01-31 11:59:00", route: "a", calls: "99" },
    { time: "2026-01-31 12:03:00", route: "a", calls: "99" },
  ];
  const frame = buildFrame(panel, rows, window);
  expect(frame).toEqual({
    timesMs: [start, start + 60_000, start + 120_000],
    stepMs: 60_000,
    series: [
      { name: "a", cells: { calls: ["3", undefined, undefined] } },
      { name: "b", cells: { calls: [undefined, undefined, "7"] } },
    ],
  });
  expect(plotted({ name: "a", cells: { calls: ["3", undefined, null] } }, "calls", "calls")).toEqual([3, null, null]);
});

test("without a label column every value is a series under its title, in the panel's order", () => {
  const values = [
    { column: "output", title: "Output", unit: "tokens" },
    { column: "input", title: "Input", unit: "tokens" },
  ] as const;
  const rows = [{ time: start, input: 1, output: 2 }];
  const frame = buildFrame({ ...panel, series: [], values, shown: "output" }, rows, window);
  expect(frame.series.map(({ name }) => name)).toEqual(["Output", "Input"]);
});

test("several labels name a series together", () => {
  const rows = [{ time: start, route: "chat", model: "gpt-4o", calls: 1 }];
  const frame = buildFrame({ ...panel, series: ["route", "model"] }, rows, window);
  expect(frame.series.map(({ name }) => name)).toEqual(["chat · gpt-4o"]);
});

test("a series without a name is called unknown", () => {
  const frame = buildFrame(panel, [{ time: start, route: "", calls: 1 }], window);
  expect(frame.series.map(({ name }) => name)).toEqual(["unknown"]);
});

test("a frame has values only when a cell holds one", () => {
  expect(hasValues(buildFrame(panel, [], window))).toBe(false);
  expect(hasValues(buildFrame(panel, [{ time: start, route: "a", calls: null }], window))).toBe(false);
  expect(hasValues(buildFrame(panel, [{ time: start, route: "a", calls: 0 }], window))).toBe(true);
});

test("each layer of a stack stands on the sum of those below, and where nothing is known the stack has a gap", () => {
  expect(
    stack([
      [1, null, null],
      [2, 5, null],
    ]),
  ).toEqual([
    [1, 0, null],
    [3, 5, null],
  ]);
});

test("the top of a stack is the sum of its layers", () => {
  const layers = fc
    .integer({ min: 1, max: 6 })
    .chain((length) =>
      fc.array(fc.array(fc.nat(1000), { minLength: length, maxLength: length }), { minLength: 1, maxLength: 5 }),
    );
  fc.assert(
    fc.property(layers, (values) => {
      const sums = values[0]?.map((_, index) => values.reduce((sum, layer) => sum + (layer[index] ?? 0), 0));
      expect(stack(values).at(-1)).toEqual(sums);
    }),
  );
});

test("a small line adds the series of a bucket up", () => {
  const rows = [
    { time: start, calls: "3" },
    { time: start, calls: 4 },
    { time: start + 120_000, calls: 1 },
    { time: start - 1, calls: 50 },
  ];
  expect(sumByBucket(rows, { question: "calls", time: "time", column: "calls" }, window)).toEqual([7, 0, 1]);
});
