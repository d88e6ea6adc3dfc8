import { describe, expect, test } from "vitest";
import { plan } from "../../../alerts/delivery/plan.ts";
import { takeBack } from "../../../alerts/delivery/settle.ts";
import { alertOf, over, startMs } from "./alerts.ts";
import { policyOf } from "./policies.ts";

const later = { endsAtMs: startMs + 100 * 3_600_000 };
const slow = alertOf({ alertname: "Slow", route: "chat" }, later);
const errors = alertOf({ alertname: "Errors", route: "chat" }, later);
const atMs = (second: number): number => startMs + second * 1_000;

describe("a notification that is given up", () => {
  const told = plan({
    state: { groups: new Map(), silences: new Map() },
    alerts: [slow, errors].map((alert) => ({ ...alert, startsAtMs: startMs - 60_000 })),
    policy: policyOf({}),
    nowMs: startMs,
  });
  const [first] = told.notifications;
  const [key, group] = [...told.state.groups][0] ?? [];

  test("counts as not told: the next look tells it again, under another id", () => {
    if (first === undefined || key === undefined || group === undefined) throw new Error("nothing was told");
    const groups = new Map([[key, takeBack(group, first)]]);
    const state = { groups, silences: new Map() };
    const again = plan({ state, alerts: [], policy: policyOf({}), nowMs: atMs(300) });
    expect(again.notifications).toMatchObject([{ reason: "first", alerts: first.alerts }]);
    expect(again.notifications[0]?.id).not.toBe(first.id);
  });

  test("and told of an end, tells that end again", () => {
    if (key === undefined || group === undefined) throw new Error("nothing was told");
    const ended = [slow, errors].map((alert) => over(alert, atMs(100)));
    const sent = new Map([[key, { ...group, outbox: [] }]]);
    const state = { groups: sent, silences: new Map() };
    const end = plan({ state, alerts: ended, policy: policyOf({}), nowMs: atMs(300) });
    const [notification] = end.notifications;
    const left = end.state.groups.get(key);
    if (notification === undefined || left === undefined) throw new Error("the end was not told");
    const groups = new Map([[key, takeBack(left, notification)]]);
    const again = plan({ state: { ...state, groups }, alerts: [], policy: policyOf({}), nowMs: atMs(600) });
    expect(again.notifications).toMatchObject([{ reason: "resolved", alerts: notification.alerts }]);
  });
});
