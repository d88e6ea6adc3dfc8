import { describe, expect, test } from "vitest";
import { rulesConfig } from "../../../alerts/rules/rules-config.ts";
import { startRules } from "../../../alerts/rules/run-rules.ts";
import type { Alert } from "../../../core/alert.ts";
import { errors, minuteMs, setUpRules, startMs } from "./watched-rules.ts";

const rules = setUpRules();

const firing = {
  status: "firing",
  labels: { alertname: "errors", severity: "page", provider: "openai" },
  annotations: { summary: "80% of 100 calls to openai fail" },
  startsAtMs: startMs + 40_000,
  endsAtMs: startMs + 40_000 + 4 * minuteMs,
  value: 0.8,
  action: "eject",
  generatorUrl: "http://console.example:8081/",
};

describe("rules over a store", () => {
  test("tell an alert when it has held for its time, and tell when it ends", async () => {
    const { lookAfter, lines } = rules.watching([errors]);
    await rules.given(80, 100);
    expect(await lookAfter(10_000)).toEqual([]);
    expect(await lookAfter(15_000)).toEqual([]);
    expect(await lookAfter(15_000)).toMatchObject([firing]);
    rules.clock().advance(minuteMs);
    await rules.given(0, 50);
    const [ended] = await lookAfter(minuteMs);
    expect(ended).toMatchObject({
      status: "resolved",
      startsAtMs: firing.startsAtMs,
      endsAtMs: rules.clock().nowMs(),
      value: 0,
    });
    expect(lines).toEqual(["warn: an alert fires", "warn: an alert is resolved"]);
    expect(await rules.recorded()).toEqual([
      ["pending", "80% (limit > 30%): fires when it stays so for 30 s"],
      ["firing", "80% (limit > 30%) for 30 s"],
      ["resolved", "ended: 0% (limit > 30%)"],
    ]);
  });

  test("go on after a restart where they were, with nothing recorded twice", async () => {
    await rules.given(80, 100);
    await rules.watching([errors]).lookAfter(10_000);
    await rules.watching([errors]).lookAfter(15_000);
    const [alert] = await rules.watching([errors]).lookAfter(15_000);
    expect(alert).toMatchObject(firing);
    const [same] = await rules.watching([errors]).lookAfter(15_000);
    expect(same).toMatchObject({ status: "firing", startsAtMs: firing.startsAtMs, fingerprint: alert?.fingerprint });
    expect((await rules.recorded()).map(([state]) => state)).toEqual(["pending", "firing"]);
  });

  test("ask for no action while telemetry cannot be trusted, and say why", async () => {
    const trust = () => ({ isTrusted: false, reason: "1 gateway fell silent" });
    const { lookAfter } = rules.watching([{ ...errors, for: "0s" }], { trust });
    await rules.given(80, 100);
    expect(await lookAfter(10_000)).toMatchObject([
      { action: "notify", annotations: { frozen: "no automatic eject: 1 gateway fell silent" } },
    ]);
  });

  test("on a question over time take a window as a whole", async () => {
    const threshold = { column: "calls", op: ">=", value: 200 };
    const many = { name: "many", question: "calls", by: ["route"], window: "5m", threshold };
    const { lookAfter } = rules.watching([many]);
    await rules.given(0, 80);
    await lookAfter(minuteMs);
    await rules.given(0, 80);
    expect(await lookAfter(minuteMs)).toEqual([]);
    await rules.given(0, 80);
    expect(await lookAfter(minuteMs)).toMatchObject([{ status: "firing", value: 240, labels: { route: "chat" } }]);
  });

  test("on an amount that is not configured are off, and say so", async () => {
    const budget = {
      name: "budget",
      question: "totals",
      window: "today",
      threshold: { column: "cost_nanos", op: ">=", value: 0.5, times: "daily_budget_usd" },
      annotations: { summary: "{{ value }} of {{ limit }}" },
    };
    await rules.given(0, 100);
    const { lookAfter, watch } = rules.watching([budget]);
    expect(await lookAfter(10_000)).toEqual([]);
    expect(watch.status).toMatchObject([{ state: "off", reason: "alerts.rules.amounts has no daily_budget_usd" }]);
    const config = rulesConfig.parse({ amounts: { daily_budget_usd: 0.24 } });
    expect(await rules.watching([budget], { config }).lookAfter(60_000)).toMatchObject([
      { annotations: { summary: "$0.123 of $0.12" }, value: 0.1234567 },
    ]);
  });

  test("are looked at at intervals from start to stop, with nothing left running", async () => {
    await rules.given(80, 100);
    const { promise: told, resolve } = Promise.withResolvers<readonly Alert[]>();
    const deliver = async (alerts: readonly Alert[]): Promise<void> => {
      if (alerts.length > 0) resolve(alerts);
    };
    const watch = startRules({ ...rules.watching([errors]).deps, deliver });
    // Small steps: where the engine is slow, the calls must not leave the window before the first look.
    expect(await rules.clock().advanceUntil(told, 50)).toMatchObject([{ status: "firing" }]);
    await rules.clock().advanceUntil(watch.stop(), 1_000);
    expect(rules.clock().sleeping()).toBe(0);
  });
});
