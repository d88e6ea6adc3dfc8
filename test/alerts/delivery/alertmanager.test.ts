import type { TestContext } from "vitest";
import { expect, test } from "vitest";
import { z } from "zod";
import { alertsOf } from "../../../alerts/delivery/webhook-payload.ts";
import { fingerprintOf } from "../../../alerts/rules/fingerprint.ts";
import { startAlertmanager } from "../../servers/alertmanager.ts";
import { makeEngine } from "../../store/open-engine.ts";
import { needsAlertmanager } from "../../support/needs.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { alertOf, over } from "./alerts.ts";
import { openHook } from "./hook.ts";
import { setUpDelivery } from "./set-up-delivery.ts";

const listed = z.array(
  z.looseObject({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.iso.datetime({ offset: true }),
    endsAt: z.iso.datetime({ offset: true }),
    status: z.looseObject({ state: z.string() }),
  }),
);

/** A store, a hook, a real Alertmanager that tells the hook, and a delivery that tells the Alertmanager. */
const setUp = async (context: TestContext) => {
  const path = needsAlertmanager(context);
  const engine = await makeEngine();
  const opened = await engine.open("alertmanager");
  await opened.store.migrate();
  const hook = await openHook();
  const alertmanager = await startAlertmanager(path, hook.url);
  // It begins at the real time, by which Alertmanager judges when an alert ends.
  const clock = virtualClock(Date.now());
  const receivers = { am: { kind: "alertmanager", url: alertmanager.url } };
  const delivery = setUpDelivery({ receivers, route: { receiver: "am" } }, { store: opened.store, clock });
  await delivery.delivery.start();
  const close = async (): Promise<void> => {
    await delivery.stop();
    await alertmanager.stop();
    await hook.close();
    await opened.close();
    await engine.remove();
  };
  return { ...delivery, hook, alertmanager, clock, close };
};

test("a real Alertmanager takes our alerts, and we take what it makes of them, from beginning to end", async (context) => {
  const { delivery, hook, alertmanager, clock, sums, close } = await setUp(context);
  try {
    const nowMs = clock.nowMs();
    const labels = { alertname: "TtftHigh", route: "chat", severity: "page" };
    const slow = alertOf(labels, { startsAtMs: nowMs - 5_000, endsAtMs: nowMs + 3_600_000, action: "reroute" });
    await delivery.deliver([slow]);
    const [begun] = await hook.received(1);
    expect(listed.parse(await alertmanager.alerts())).toMatchObject([
      {
        labels,
        annotations: slow.annotations,
        startsAt: new Date(slow.startsAtMs).toISOString(),
        endsAt: new Date(nowMs + 240_000).toISOString(),
        status: { state: "active" },
      },
    ]);
    const read = { nowMs, believedMs: 300_000 };
    const heard = { ...slow, fingerprint: fingerprintOf(labels), value: null, action: "notify" };
    expect(alertsOf(JSON.parse(begun?.body ?? ""), read)).toEqual({
      ok: true,
      alerts: [{ ...heard, endsAtMs: nowMs + 300_000 }],
    });
    clock.advance(60_000);
    const endMs = nowMs - 1_000;
    await delivery.deliver([over(slow, endMs)]);
    const [, ended] = await clock.advanceUntil(hook.received(2), 100);
    expect(alertsOf(JSON.parse(ended?.body ?? ""), read)).toEqual({
      ok: true,
      alerts: [{ ...heard, status: "resolved", endsAtMs: endMs }],
    });
    expect(listed.parse(await alertmanager.alerts())).toEqual([]);
    expect(sums()).toMatchObject({ "deliverySent am first": 1, "deliverySent am resolved": 1 });
  } finally {
    await close();
  }
});
