import { describe, expect, test } from "vitest";
import { nextLookMs, plan } from "../../../alerts/delivery/plan.ts";
import { addSilence } from "../../../alerts/delivery/silences.ts";
import { alertOf, over, startMs } from "./alerts.ts";
import { policyOf, routeOf } from "./policies.ts";
import { tellerOf } from "./teller.ts";

const later = { endsAtMs: startMs + 100 * 3_600_000 };
const slow = alertOf({ alertname: "Slow", route: "chat" }, later);
const errors = alertOf({ alertname: "Errors", route: "chat" }, later);
const drift = alertOf({ alertname: "Drift", route: "chat", category: "drift" }, later);
const outage = alertOf({ alertname: "Outage", route: "chat", category: "outage" }, later);
const atMs = (second: number): number => startMs + second * 1_000;

describe("a group", () => {
  test("gathers for its wait, is told first, then what is new, what has ended, and nothing twice", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(0, slow);
    teller.at(20, errors);
    teller.at(100, alertOf({ alertname: "Cost", route: "chat" }, later));
    teller.at(400, over(slow, atMs(400)));
    teller.at(2_000, over(errors, atMs(2_000)), over(alertOf({ alertname: "Cost", route: "chat" }), atMs(2_000)));
    teller.until(8_000);
    expect(teller.told()).toEqual([
      [30, "log", "first", "Errors Slow"],
      [330, "log", "new_in_group", "Cost Errors Slow"],
      [630, "log", "resolved", "Cost Errors -Slow"],
      [2_130, "log", "resolved", "-Cost -Errors"],
    ]);
    expect(teller.state().groups.size).toBe(0);
  });

  test("in which nothing changes is told again after the repeat interval", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(0, slow);
    teller.until(30_000);
    expect(teller.told().map(([second, , reason]) => [second, reason])).toEqual([
      [30, "first"],
      [14_430, "repeat_due"],
      [28_830, "repeat_due"],
    ]);
  });

  test("that flaps is told once an interval at most, and not at all while it looks the same at each", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(0, slow);
    for (let second = 60; second < 3_600; second += 60) {
      teller.at(second, over(slow, atMs(second)));
      teller.at(second + 20, { ...slow, startsAtMs: atMs(second + 20) });
    }
    teller.until(3_600);
    expect(teller.told()).toEqual([[30, "log", "first", "Slow"]]);
    expect(teller.untold()).toEqual(["none"]);
  });

  test("that begins and ends within its wait is not told", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(0, slow);
    teller.at(10, over(slow, atMs(10)));
    teller.until(1_000);
    expect(teller.told()).toEqual([]);
    expect(teller.state().groups.size).toBe(0);
  });

  test("of which nothing is heard any more counts as resolved at the end that was given", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(0, { ...slow, endsAtMs: atMs(400) });
    teller.until(1_000);
    expect(teller.told().map(([second, , , alerts]) => [second, alerts])).toEqual([
      [30, "Slow"],
      [630, "-Slow"],
    ]);
  });

  test("of alerts that have waited already is told at once", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(100, slow);
    expect(teller.told()).toEqual([[100, "log", "first", "Slow"]]);
  });

  test("the end of an alert that nobody was told of makes no group", () => {
    const teller = tellerOf(policyOf({}));
    teller.at(0, over(slow, atMs(0)));
    expect(teller.state().groups.size).toBe(0);
  });

  test("of a route that is not configured any more is given up, but not what is under way", () => {
    const before = plan({
      state: { groups: new Map(), silences: new Map() },
      alerts: [{ ...slow, startsAtMs: 0 }],
      policy: policyOf({}),
      nowMs: startMs,
    });
    const policy = policyOf({ route: routeOf([], { receiver: "other" }) });
    const after = plan({ state: before.state, alerts: [], policy, nowMs: startMs + 400_000 });
    expect([...after.state.groups.values()].map(({ alerts, outbox }) => [alerts, outbox])).toEqual([
      [[], before.notifications],
    ]);
    expect(nextLookMs(after.state.groups)).toBe(null);
  });
});

describe("an alert that is muted", () => {
  const inhibitions = [{ source: ["category=outage"], target: ["category=drift"], equal: ["route"] }];

  test("by another is not told, and is told when that one is over", () => {
    const teller = tellerOf(policyOf({ inhibitions, route: routeOf([], { groupBy: ["alertname"] }) }));
    teller.at(0, drift, outage);
    teller.at(1_000, over(outage, atMs(1_000)));
    teller.until(2_000);
    expect(teller.told()).toEqual([
      [30, "log", "first", "Outage"],
      [1_230, "log", "first", "Drift"],
      [1_230, "log", "resolved", "-Outage"],
    ]);
    expect(teller.untold()).toContain("muted");
  });

  test("after it was told is not told again when it is muted no longer, and its end is told even while it is muted", () => {
    const teller = tellerOf(policyOf({ inhibitions }));
    teller.at(0, drift);
    teller.at(100, outage);
    teller.at(700, over(outage, atMs(700)));
    teller.at(1_000, outage);
    teller.at(1_100, over(drift, atMs(1_100)));
    teller.until(1_300);
    expect(teller.told()).toEqual([
      [30, "log", "first", "Drift"],
      [330, "log", "new_in_group", "Outage"],
      [930, "log", "resolved", "Drift -Outage"],
      [1_230, "log", "new_in_group", "Outage -Drift"],
    ]);
  });

  test("by a silence is told after it", () => {
    const teller = tellerOf(policyOf({}));
    const request = {
      matchers: [{ name: "route", operator: "=" as const, value: "chat" }],
      startsAtMs: startMs,
      endsAtMs: atMs(500),
      author: "ann",
      comment: "planned work",
    };
    const added = addSilence(new Map(), request, { id: "s1", nowMs: startMs });
    teller.silences(added.ok ? added.silences : new Map());
    teller.at(0, slow);
    teller.until(700);
    expect(teller.told()).toEqual([[630, "log", "first", "Slow"]]);
    expect(teller.untold()).toEqual(["muted"]);
  });
});

describe("receivers differ", () => {
  test("one that does not want to hear of ends hears of none, and of the next beginning", () => {
    const traits = { log: { sendsResolved: false, resendMs: null } };
    const teller = tellerOf(policyOf({ traits }));
    teller.at(0, slow, errors);
    teller.at(100, over(slow, atMs(100)), over(errors, atMs(100)));
    teller.at(1_000, slow);
    teller.until(1_100);
    expect(teller.told()).toEqual([
      [30, "log", "first", "Errors Slow"],
      [1_000, "log", "first", "Slow"],
    ]);
  });

  test("one that forgets is told at once, and again at every resend", () => {
    const traits = { log: { sendsResolved: true, resendMs: 60_000 } };
    const teller = tellerOf(policyOf({ traits }));
    teller.at(0, slow);
    teller.at(150, over(slow, atMs(150)));
    teller.until(400);
    expect(teller.told().map(([second, , reason]) => [second, reason])).toEqual([
      [0, "first"],
      [60, "repeat_due"],
      [120, "repeat_due"],
      [180, "resolved"],
    ]);
  });
});
