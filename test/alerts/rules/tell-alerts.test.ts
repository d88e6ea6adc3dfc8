import { describe, expect, test } from "vitest";
import { tellAlerts } from "../../../alerts/rules/tell-alerts.ts";
import type { TrackedAlert } from "../../../alerts/rules/tracked-alert.ts";
import { newAlert } from "../../../alerts/rules/tracked-alert.ts";

const minuteMs = 60_000;
const nowMs = Date.UTC(2026, 0, 5, 12);
const labels = { alertname: "slow", route: "chat & more", model: "gpt-4o" };

const told = (alert: Partial<TrackedAlert>) => {
  const tracked = { ...newAlert({ fingerprint: "f".repeat(16), labels, nowMs }), ...alert };
  return tellAlerts(new Map([[tracked.fingerprint, tracked]]), {
    rule: { action: "eject" },
    nowMs,
    believedMs: 4 * minuteMs,
    externalUrl: "https://console.example/plumbline",
    frozen: null,
  });
};

describe("what is told", () => {
  const firing = { state: "firing", firedAtMs: nowMs - minuteMs, annotations: { summary: "s" }, value: 3 } as const;
  const ended = { firedAtMs: nowMs - 60 * minuteMs, resolvedAtMs: nowMs - 14 * minuteMs } as const;

  test("of an alert that fires is since when, until when to believe it, and where to look", () => {
    expect(told(firing)).toEqual([
      {
        fingerprint: "f".repeat(16),
        labels,
        annotations: { summary: "s" },
        status: "firing",
        startsAtMs: nowMs - minuteMs,
        endsAtMs: nowMs + 4 * minuteMs,
        generatorUrl: "https://console.example/plumbline?route=chat+%26+more&model=gpt-4o",
        value: 3,
        action: "eject",
      },
    ]);
  });

  test.each(["resolved", "pending", "inactive"] as const)("of one that ended and is %s is its end", (state) => {
    expect(told({ ...ended, state })).toMatchObject([{ status: "resolved", endsAtMs: ended.resolvedAtMs }]);
  });

  test("of one that ended 15 minutes ago, or never fired, is nothing", () => {
    expect(told({ ...ended, state: "inactive", resolvedAtMs: nowMs - 15 * minuteMs })).toEqual([]);
    expect(told({ state: "pending", activeAtMs: nowMs })).toEqual([]);
  });
});
