import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSeries } from "../../../alerts/rules/series-notation.ts";

describe("the series notation", () => {
  test.each([
    { text: "5", values: [5] },
    { text: "5x3", values: [5, 5, 5, 5] },
    { text: "5+0x3", values: [5, 5, 5, 5] },
    { text: "1+2x3", values: [1, 3, 5, 7] },
    { text: "1-2x2", values: [1, -1, -3] },
    { text: "-1.5+0.5x1", values: [-1.5, -1] },
    { text: "1e9", values: [1e9] },
    { text: "_", values: [null] },
    { text: "_x3", values: [null, null, null] },
    { text: "  5+0x1 _  9x1 ", values: [5, 5, null, 9, 9] },
  ])("reads $text", ({ text, values }) => {
    expect(parseSeries(text)).toEqual({ ok: true, values });
  });

  test.each(["", "five", "5x", "5+2", "x3", "_y", "5+2x999999", "1..2", "5x9999 5x9999"])("refuses %j", (text) => {
    expect(parseSeries(text)).toMatchObject({ ok: false });
  });

  test("gives one value more than steps, each a step from the one before", () => {
    const part = fc.record({ from: fc.integer({ min: -99, max: 99 }), by: fc.nat(9), steps: fc.nat(50) });
    fc.assert(
      fc.property(part, ({ from, by, steps }) => {
        const values = Array.from({ length: steps + 1 }, (_, index) => from + index * by);
        expect(parseSeries(`${from}+${by}x${steps}`)).toEqual({ ok: true, values });
      }),
    );
  });
});
