import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alertsOf, payloadOf } from "../../../alerts/delivery/webhook-payload.ts";
import { fingerprintOf } from "../../../alerts/rules/fingerprint.ts";
import type { Alert } from "../../../core/alert.ts";
import { alertOf, over, startMs } from "./alerts.ts";
import { notificationOf } from "./notifications.ts";

const sentTo = { externalUrl: "http://console.example", maxAlerts: 0 };
const read = { nowMs: startMs, believedMs: 300_000 };
const slow = alertOf({ alertname: "Slow", route: "chat", severity: "page" });
const cost = over(alertOf({ alertname: "Cost", route: "chat" }), startMs + 1_500);

test("the payload is Alertmanager's, field by field", () => {
  expect(payloadOf(notificationOf({ alerts: [slow, cost] }), sentTo)).toEqual({
    version: "4",
    groupKey: '{}@hook:{route="chat"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "hook",
    groupLabels: { route: "chat" },
    commonLabels: { route: "chat" },
    commonAnnotations: {},
    externalURL: "http://console.example",
    alerts: [
      {
        status: "firing",
        labels: { alertname: "Slow", route: "chat", severity: "page" },
        annotations: { summary: "Slow is wrong" },
        startsAt: "2026-01-01T00:00:00.000Z",
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "http://127.0.0.1:8081/",
        fingerprint: slow.fingerprint,
      },
      {
        status: "resolved",
        labels: { alertname: "Cost", route: "chat" },
        annotations: { summary: "Cost is wrong" },
        startsAt: "2026-01-01T00:00:00.000Z",
        endsAt: "2026-01-01T00:00:01.500Z",
        generatorURL: "http://127.0.0.1:8081/",
        fingerprint: cost.fingerprint,
      },
    ],
  });
});

test("alerts beyond the limit are counted, and a group is resolved when all of it is", () => {
  const payload = payloadOf(notificationOf({ alerts: [cost, cost, cost] }), { ...sentTo, maxAlerts: 2 });
  expect([payload.alerts.length, payload.truncatedAlerts, payload.status]).toEqual([2, 1, "resolved"]);
});

test("what we send is read back as it was, but for value, action and until when it is believed", () => {
  const labels = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 20 }), {
    noNullPrototype: true,
  });
  const alert = fc
    .record({
      labels,
      annotations: labels,
      isOver: fc.boolean(),
      startsAtMs: fc.integer({ min: 1, max: 4_000_000_000_000 }),
      generatorUrl: fc.webUrl(),
    })
    .map(
      ({ isOver, ...rest }): Alert => ({
        ...rest,
        fingerprint: fingerprintOf(rest.labels),
        status: isOver ? "resolved" : "firing",
        endsAtMs: isOver ? rest.startsAtMs + 1_000 : startMs + 300_000,
        value: null,
        action: "notify",
      }),
    );
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 5 }), (alerts) => {
      const text = JSON.stringify(payloadOf(notificationOf({ alerts }), sentTo));
      expect(alertsOf(JSON.parse(text), read)).toEqual({ ok: true, alerts });
    }),
    { numRuns: 100 },
  );
});

describe("the payload of somebody else", () => {
  const given = JSON.parse(JSON.stringify(payloadOf(notificationOf(), sentTo)));

  test("may have fields that we do not know, and never moves traffic", () => {
    const alert = { ...given.alerts[0], action: "rollback", startsAt: "2026-01-01T01:00:00.123456789+01:00" };
    const more = { ...given, notification_reason: "x", routeLabels: {}, alerts: [alert] };
    expect(alertsOf(more, read)).toMatchObject({
      ok: true,
      alerts: [{ action: "notify", startsAtMs: startMs + 123, endsAtMs: startMs + 300_000, value: null }],
    });
  });

  test("that resolves without a time is over now", () => {
    const alert = { ...given.alerts[0], status: "resolved", endsAt: undefined };
    expect(alertsOf({ ...given, alerts: [alert] }, read)).toMatchObject({ ok: true, alerts: [{ endsAtMs: startMs }] });
  });

  test.each([
    { name: "is no object", payload: "x" },
    { name: "is of another version", payload: { ...given, version: "3" } },
    { name: "has an alert without labels", payload: { ...given, alerts: [{ ...given.alerts[0], labels: undefined }] } },
    { name: "has a label that is no text", payload: { ...given, alerts: [{ ...given.alerts[0], labels: { a: 1 } }] } },
    { name: "has a start that is no time", payload: { ...given, alerts: [{ ...given.alerts[0], startsAt: "now" }] } },
  ])("that $name is refused with its reason", ({ payload }) => {
    const result = alertsOf(payload, read);
    expect(result.ok ? "" : result.message).toMatch(/.+: .+/);
  });
});
