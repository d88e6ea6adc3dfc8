import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeliveryState } from "../../../alerts/delivery/plan.ts";
import { plan } from "../../../alerts/delivery/plan.ts";
import { withoutNotification } from "../../../alerts/delivery/settle.ts";
import type { Alert } from "../../../core/alert.ts";
import { alertOf, over, startMs } from "./alerts.ts";
import { policyOf, routeOf } from "./policies.ts";

const policy = policyOf({
  route: routeOf([], {
    groupBy: ["route"],
    routes: [routeOf(["alertname=A"], { receiver: "a", continue: true }), routeOf([])],
  }),
  inhibitions: [{ source: ["alertname=C"], target: ["alertname=B"], equal: ["route"] }],
});
const labels = fc.record({ alertname: fc.constantFrom("A", "B", "C"), route: fc.constantFrom("x", "y") });
const step = fc.record({
  labels,
  isOver: fc.boolean(),
  waitMs: fc.integer({ min: 0, max: 400_000 }),
  arrives: fc.boolean(),
});
const empty: DeliveryState = { groups: new Map(), silences: new Map() };

/** Runs news through plans; gives every plan, with what was known of the alerts then. */
const run = (
  steps: readonly { labels: { alertname: string; route: string }; isOver: boolean; waitMs: number; arrives: boolean }[],
) => {
  let state = empty;
  let nowMs = startMs;
  const known = new Map<string, Alert>();
  return steps.map((news) => {
    nowMs += news.waitMs;
    const alert = alertOf(news.labels, { startsAtMs: nowMs, endsAtMs: nowMs + 10 ** 12 });
    const heard = news.isOver ? over(alert, nowMs) : alert;
    known.set(alert.fingerprint, heard);
    const before = state;
    const planned = plan({ state, alerts: [heard], policy, nowMs });
    const groups = new Map(planned.state.groups);
    for (const { groupKey, id } of news.arrives ? planned.notifications : []) {
      const group = groups.get(groupKey);
      if (group !== undefined) groups.set(groupKey, withoutNotification(group, id));
    }
    state = { ...planned.state, groups };
    return { before, heard, nowMs, planned, known: new Map(known) };
  });
};

test("planning again from the same state makes the same notifications with the same ids", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      for (const { before, heard, nowMs, planned } of run(steps)) {
        expect(plan({ state: before, alerts: [heard], policy, nowMs })).toEqual(planned);
      }
    }),
    { numRuns: 50 },
  );
});

test("no two notifications have one id, and each is in the outbox of its group when it is made", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const plans = run(steps).map(({ planned }) => planned);
      const ids = plans.flatMap(({ notifications }) => notifications.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      for (const { notifications, state } of plans) {
        for (const made of notifications) expect(state.groups.get(made.groupKey)?.outbox).toContainEqual(made);
      }
    }),
    { numRuns: 100 },
  );
});

test("whoever was told of a beginning is told of the end: once all is over, nobody believes that anything fires", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const plans = run(steps);
      const believed = new Map<string, Set<string>>();
      const hear = ({ notifications }: ReturnType<typeof plan>): void => {
        for (const { receiver, alerts } of notifications) {
          const of = believed.get(receiver) ?? new Set();
          believed.set(receiver, of);
          for (const { fingerprint, status } of alerts) of[status === "firing" ? "add" : "delete"](fingerprint);
        }
      };
      for (const { planned } of plans) hear(planned);
      const last = plans.at(-1);
      if (last === undefined) return;
      const overMs = last.nowMs + 1;
      const ends = [...last.known.values()].map((alert) => over(alert, overMs));
      const ended = plan({ state: last.planned.state, alerts: ends, policy, nowMs: overMs });
      hear(ended);
      hear(plan({ state: ended.state, alerts: [], policy, nowMs: overMs + 400_000 }));
      expect([...believed.values()].flatMap((each) => [...each])).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
