import fc from "fast-check";
import { expect, test } from "vitest";
import type { SpentTotal } from "../../../gateway/budgets/spent-totals.ts";
import { SpentTotals } from "../../../gateway/budgets/spent-totals.ts";
import { windowStart } from "../../../gateway/budgets/window.ts";

const nowMs = Date.UTC(2026, 10, 21, 16, 30);

const anyTotal: fc.Arbitrary<SpentTotal> = fc
  .record({
    gatewayId: fc.constantFrom("a", "b", "c"),
    of: fc.constantFrom("gateway:", "team:search"),
    window: fc.constantFrom("hour", "day", "month"),
    nanos: fc.nat({ max: 1_000 }),
  })
  .map((total) => ({ ...total, startMs: windowStart(total.window, nowMs) }));

/** A few totals, each of them told once or more, in any order. */
const toldInAnyOrder = fc
  .array(anyTotal, { maxLength: 20 })
  .chain((totals) => fc.tuple(fc.constant(totals), fc.shuffledSubarray(totals), fc.shuffledSubarray(totals)));

const placeOf = ({ of, window }: SpentTotal): string => `${window} ${of}`;

test("the total of a budget is the sum of the highest report of each gateway, in whatever order and however often they come", () => {
  fc.assert(
    fc.property(toldInAnyOrder, ([all, late, again]) => {
      const totals = new SpentTotals();
      let grown = 0;
      for (const total of [...late, ...all, ...again]) grown += totals.take(total, nowMs);
      let sum = 0;
      for (const [, ofPlace] of Map.groupBy(all, placeOf)) {
        const highest = [...Map.groupBy(ofPlace, ({ gatewayId }) => gatewayId).values()].map((ofGateway) =>
          Math.max(...ofGateway.map(({ nanos }) => nanos)),
        );
        const expected = highest.reduce((total, each) => total + each, 0);
        const [first] = ofPlace;
        expect(first === undefined ? null : totals.sumOf(first)).toBe(expected);
        sum += expected;
      }
      expect(grown).toBe(sum);
    }),
  );
});

test("windows that are over count nothing and are forgotten", () => {
  const totals = new SpentTotals();
  const total = {
    gatewayId: "a",
    of: "gateway:",
    window: "hour",
    startMs: windowStart("hour", nowMs),
    nanos: 5,
  } as const;
  expect(totals.take(total, nowMs)).toBe(5);
  expect(totals.take({ ...total, startMs: total.startMs - 3_600_000 }, nowMs)).toBe(0);
  expect(totals.all(nowMs)).toEqual([total]);
  expect(totals.all(nowMs + 3_600_000)).toEqual([]);
  expect(totals.sumOf(total)).toBe(0);
});
