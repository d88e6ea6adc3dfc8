import fc from "fast-check";
import { expect, test } from "vitest";
import type { SpendingReport } from "../../../core/spending.ts";
import { SpendingReports } from "../../../gateway/budgets/spending-reports.ts";
import type { SpentTotal } from "../../../gateway/budgets/spent-totals.ts";
import { windowStart } from "../../../gateway/budgets/window.ts";

const nowMs = Date.UTC(2026, 10, 21, 16, 30);
const totalOf = (of: string, nanos: number): SpentTotal => ({
  gatewayId: "a",
  of,
  window: "day",
  startMs: windowStart("day", nowMs),
  nanos,
});

test("only what has changed since the bus took it is told, and again while the bus does not take it", () => {
  const reports = new SpendingReports("a");
  const [first] = reports.due([totalOf("gateway:", 5)], true);
  expect(first?.report.totals).toEqual([{ of: "gateway:", nanos: 5 }]);
  expect(reports.due([totalOf("gateway:", 5)], true)).toEqual([first]);
  if (first !== undefined) reports.acknowledge(first.report);
  expect(reports.due([totalOf("gateway:", 5)], true)).toEqual([]);
  expect(reports.due([totalOf("gateway:", 6)], true)).toMatchObject([
    { key: first?.key, report: { totals: [{ nanos: 6 }] } },
  ]);
});

test("the last record of each key holds every total, however many there are", () => {
  const steps = fc.array(
    fc.array(fc.tuple(fc.nat({ max: 1_500 }), fc.integer({ min: 1, max: 9 })), { maxLength: 50 }),
    {
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(steps, (rounds) => {
      const reports = new SpendingReports("a");
      const spent = new Map(Array.from({ length: 1_200 }, (_, index) => [`user:${index}`, 1]));
      const topic = new Map<string, SpendingReport>();
      for (const round of [[], ...rounds]) {
        for (const [user, nanos] of round) spent.set(`user:${user}`, (spent.get(`user:${user}`) ?? 0) + nanos);
        for (const { key, report } of reports.due(
          [...spent].map(([of, nanos]) => totalOf(of, nanos)),
          true,
        )) {
          topic.set(key, report);
          reports.acknowledge(report);
        }
      }
      const kept = new Map([...topic.values()].flatMap(({ totals }) => totals.map(({ of, nanos }) => [of, nanos])));
      expect(kept).toEqual(spent);
    }),
    { numRuns: 20 },
  );
});

test("a window that is over is told of no more, and one of no gateway never", () => {
  const reports = new SpendingReports("a");
  expect(reports.due([totalOf("gateway:", 5)], true)).toHaveLength(1);
  expect(reports.due([], true)).toEqual([]);
  expect(reports.due([{ ...totalOf("gateway:", 5), gatewayId: "" }], true)).toEqual([]);
});

test("growth of less than a step waits until all is told", () => {
  const reports = new SpendingReports("a");
  const own = (nanos: number) => [{ ...totalOf("gateway:", nanos), stepNanos: 10 }];
  expect(reports.due(own(9), false)).toEqual([]);
  const [first] = reports.due(own(10), false);
  expect(first?.report.totals).toEqual([{ of: "gateway:", nanos: 10 }]);
  if (first !== undefined) reports.acknowledge(first.report);
  expect(reports.due(own(19), false)).toEqual([]);
  expect(reports.due(own(19), true)).toHaveLength(1);
});
