import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { makeReceiver } from "../../../alerts/delivery/make-receiver.ts";
import { pagerdutyEvent } from "../../../alerts/delivery/pagerduty-receiver.ts";
import { receiverConfig } from "../../../alerts/delivery/receiver-config.ts";
import { isSignedBy } from "../../../alerts/delivery/signature.ts";
import { slackMessage } from "../../../alerts/delivery/slack-receiver.ts";
import { keptLog } from "../../processors/set-up-line.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { alertOf, over, startMs } from "./alerts.ts";
import type { Hook } from "./hook.ts";
import { openHook } from "./hook.ts";
import { notificationOf } from "./notifications.ts";

let hook: Hook;

beforeEach(async () => {
  hook = await openHook();
});

afterEach(() => hook.close());

const log = keptLog();
const receiverOf = (config: object) =>
  makeReceiver(receiverConfig.parse(config), {
    fetch: (url, init) => fetch(url, init),
    clock: virtualClock(startMs),
    timeoutMs: 2_000,
    externalUrl: "http://console.example",
    log: log.log,
  });
const slow = alertOf({ alertname: "Slow", route: "chat", severity: "page" });
const ended = over(alertOf({ alertname: "Cost" }), startMs + 1_000);
const header = (name: string): string => String(hook.requests()[0]?.headers[name]);

describe("a webhook", () => {
  test("is signed over time, key and body", async () => {
    await receiverOf({ kind: "webhook", url: hook.url, secret: "key", bearerToken: "t" }).send(notificationOf());
    const signed = {
      secret: "key",
      signature: header("plumbline-signature"),
      timestamp: header("plumbline-timestamp"),
      idempotencyKey: header("idempotency-key"),
      body: hook.requests()[0]?.body ?? "",
    };
    expect(isSignedBy(signed, startMs)).toBe(true);
    expect(header("idempotency-key")).toBe(notificationOf().id);
    expect(header("authorization")).toBe("Bearer t");
  });

  test("is not followed to another address", async () => {
    const other = await openHook();
    hook.answers(() => ({ status: 307, headers: { location: other.url } }));
    const result = await receiverOf({ kind: "webhook", url: hook.url }).send(notificationOf());
    expect(result).toEqual({ kind: "refused", code: "delivery.refused", says: "it answered 307" });
    expect(other.requests()).toEqual([]);
    await other.close();
  });

  test("that cannot be reached is told without its address, which may be a secret", async () => {
    await hook.close();
    const result = await receiverOf({ kind: "slack", url: `${hook.url}/secret` }).send(notificationOf());
    expect(result).toMatchObject({ kind: "retry", says: "it could not be reached: ECONNREFUSED" });
    hook = await openHook();
  });
});

test("Alertmanager gets every alert, with an end that lies four resends ahead while it fires", async () => {
  const config = { kind: "alertmanager", url: `${hook.url}/`, resendSeconds: 30 };
  await receiverOf(config).send(notificationOf({ alerts: [slow, { ...ended, generatorUrl: "" }] }));
  expect(hook.requests()[0]?.path).toBe("/hook/api/v2/alerts");
  expect(JSON.parse(hook.requests()[0]?.body ?? "")).toEqual([
    {
      labels: slow.labels,
      annotations: slow.annotations,
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-01-01T00:02:00.000Z",
      generatorURL: "http://127.0.0.1:8081/",
    },
    {
      labels: ended.labels,
      annotations: ended.annotations,
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-01-01T00:00:01.000Z",
    },
  ]);
});

describe("a message to Slack", () => {
  test("says what fires, why, and where to look; and no text becomes a mention", () => {
    const loud = { ...slow, annotations: { summary: "<!channel> & co" } };
    expect(slackMessage(notificationOf({ alerts: [loud, ended] }), "http://console.example")).toEqual({
      text: '[FIRING:1] Slow, Cost {route="chat"}',
      blocks: [
        { type: "header", text: { type: "plain_text", text: '[FIRING:1] Slow, Cost {route="chat"}', emoji: false } },
        {
          type: "section",
          text: { type: "mrkdwn", text: "• firing: Slow: &lt;!channel&gt; &amp; co\n• resolved: Cost: Cost is wrong" },
        },
        {
          type: "context",
          elements: [{ type: "mrkdwn", text: "<http://127.0.0.1:8081/|Look at it> (told because: first)" }],
        },
      ],
    });
  });

  test("keeps to Slack's limits, however much there is to say", () => {
    const long = { ...slow, annotations: { summary: "x".repeat(4_000) } };
    const many = Array.from({ length: 100 }, (_, index) => alertOf({ alertname: `Name${index}` }));
    const texts = z.object({ blocks: z.array(z.object({ text: z.object({ text: z.string() }).optional() })) });
    for (const alerts of [[long], many]) {
      const { blocks } = texts.parse(slackMessage(notificationOf({ alerts }), "http://console.example"));
      expect(blocks[0]?.text?.text.length).toBeLessThanOrEqual(150);
      expect(blocks[1]?.text?.text.length).toBeLessThanOrEqual(3_000);
    }
  });
});

describe("an event to PagerDuty", () => {
  test("triggers one incident for a group, and resolves it", async () => {
    const receiver = receiverOf({ kind: "pagerduty", url: hook.url, routingKey: "k" });
    await receiver.send(notificationOf({ alerts: [slow, ended] }));
    await receiver.send(notificationOf({ alerts: [over(slow, startMs + 1)], reason: "resolved" }));
    const [trigger, resolve] = hook.requests().map(({ body }) => JSON.parse(body));
    expect(trigger).toMatchObject({
      routing_key: "k",
      event_action: "trigger",
      payload: { summary: '[FIRING:1] Slow, Cost {route="chat"}', source: "chat", severity: "critical" },
    });
    expect(resolve).toEqual({ routing_key: "k", event_action: "resolve", dedup_key: trigger.dedup_key });
  });

  test.each([
    { severity: "page", expected: "critical" },
    { severity: "error", expected: "error" },
    { severity: "ticket", expected: "warning" },
    { severity: "info", expected: "info" },
    { severity: "strange", expected: "warning" },
  ])("of severity $severity is $expected", ({ severity, expected }) => {
    const event = pagerdutyEvent(notificationOf({ alerts: [alertOf({ severity })] }), "http://console.example");
    expect(event.payload?.severity).toBe(expected);
  });
});

test("the log gets one line that says everything", async () => {
  await receiverOf({ kind: "log" }).send(notificationOf({ alerts: [alertOf({ alertname: "A\nB" })] }));
  expect(log.lines).toEqual(['warn: [FIRING:1] A B {route="chat"}']);
});
