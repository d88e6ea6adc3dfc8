import { describe, expect, test } from "vitest";
import { z } from "zod";
import { PlumblineError } from "../../../core/errors.ts";
import type { Store } from "../../../store/store.ts";
import { alertOf, over, startMs } from "./alerts.ts";
import { useDelivery } from "./use-delivery.ts";

const current = useDelivery();
const slow = alertOf({ alertname: "Slow", route: "chat" });

describe("over a restart", () => {
  test("what was planned and not sent is sent, under the same key", async () => {
    const { hook, clock, start, settled, told, keys } = current();
    hook.answers(() => ({ status: 500 }));
    const first = await start();
    await first.delivery.deliver([slow]);
    await clock.advanceUntil(hook.received(1), 100);
    await first.stop();
    hook.answers(() => ({ status: 200 }));
    const second = await start();
    await settled(() => second.sums()["deliverySent hook first"] === 1);
    expect(new Set(keys()).size).toBe(1);
    expect(told()[0]).toBe("firing: Slow");
  });

  test("what was told is not told again, and its end is", async () => {
    const { clock, start, settled, told } = current();
    const first = await start();
    await first.delivery.deliver([slow]);
    await settled(() => first.sums()["deliverySent hook first"] === 1);
    await first.stop();
    const second = await start();
    await second.delivery.deliver([slow]);
    clock.advance(120_000);
    await second.delivery.deliver([over(slow, clock.nowMs())]);
    await settled(() => second.sums()["deliverySent hook resolved"] === 1);
    expect(told()).toEqual(["firing: Slow", "resolved: Slow"]);
  });

  test("an alert of which nothing is heard any more is over after the grace", async () => {
    const { clock, start, settled } = current();
    const first = await start();
    await first.delivery.deliver([slow]);
    await settled(() => first.sums()["deliverySent hook first"] === 1);
    await first.stop();
    clock.advance(4 * 3_600_000);
    const second = await start({ graceSeconds: 300 });
    const backMs = clock.nowMs();
    await settled(() => second.sums()["deliverySent hook resolved"] === 1, 2_000);
    expect(clock.nowMs() - backMs).toBeGreaterThanOrEqual(300_000);
  });

  test("silences hold, and what is left of a receiver that is gone becomes a dead letter", async () => {
    const { hook, clock, start, settled } = current();
    hook.answers(() => ({ status: 500 }));
    const first = await start();
    const request = { matchers: [{ name: "route", operator: "=" as const, value: "x" }], author: "a", comment: "c" };
    const added = await first.delivery.silence({ ...request, startsAtMs: startMs, endsAtMs: startMs + 3_600_000 });
    await first.delivery.deliver([slow]);
    await clock.advanceUntil(hook.received(1), 100);
    await first.stop();
    const second = await start({ receivers: {}, route: {} });
    await settled(() => second.delivery.deadLetters().length === 1);
    expect(second.sums()["deliveryDropped hook receiver_gone"]).toBe(1);
    expect(second.delivery.silences()).toEqual([added.ok ? added.silence : null]);
    expect(await second.delivery.endSilence(added.ok ? added.silence.id : "")).toBe(true);
    expect(await second.delivery.endSilence("unknown")).toBe(false);
  });
});

describe("after a stop", () => {
  test.each([1, 8, 30])(
    "amid %i tries all that was accepted is sent, saved or counted, and nothing goes on",
    async (tries) => {
      const { opened, hook, clock, start } = current();
      hook.answers((_, index) => ({ status: [200, 500, 400][index % 3] ?? 200 }));
      const { delivery, sums, stop } = await start({ queueLimit: 15 });
      const names = Array.from({ length: 20 }, (_, index) => `Alert${index}`);
      await delivery.deliver(names.map((alertname) => alertOf({ alertname })));
      await clock.advanceUntil(hook.received(tries), 100);
      await stop();
      expect(clock.sleeping()).toBe(0);
      const saved = await opened.store.readStates("delivery");
      const waiting = saved
        .filter(({ key }) => key.startsWith("group:"))
        .flatMap(({ state }) => outboxOf.parse(JSON.parse(state)).outbox);
      const letters = saved.filter(({ key }) => key.startsWith("letter:"));
      const counted = sums();
      const countOf = (name: string): number => counted[name] ?? 0;
      const dropped = countOf("deliveryDropped hook queue_full") + countOf("deliveryDropped hook refused");
      // What gave way in the full queue is told anew at a later look: it counts once for each time that it was planned.
      const planned = countOf("deliveryLooks hook first");
      expect(letters.length).toBe(dropped);
      expect(countOf("deliverySent hook first") + waiting.length + letters.length).toBe(planned);
      expect(planned).toBeGreaterThanOrEqual(names.length);
    },
  );
});

describe("while the store is away", () => {
  test("nothing is accepted and nothing is sent that is not saved; then all goes on", async () => {
    const { opened, hook, start, settled } = current();
    const { store, setAway } = outageOf(opened.store, true);
    const { delivery, lines, sums } = await start({}, store);
    await expect(delivery.deliver([slow])).rejects.toMatchObject({ code: "store.unavailable" });
    await expect(delivery.deliver([slow])).rejects.toMatchObject({ code: "store.unavailable" });
    expect(delivery.groups().size).toBe(0);
    expect(hook.requests()).toEqual([]);
    setAway(false);
    await delivery.deliver([slow]);
    await settled(() => sums()["deliverySent hook first"] === 1);
    expect(lines.filter((line) => line.includes("saved"))).toEqual([
      "warn: notifications cannot be saved; telling waits",
      "notifications are saved again",
    ]);
  });

  test("what has arrived is not sent again by the same process, and is saved as sent later", async () => {
    const { opened, hook, clock, start, settled } = current();
    const { store, setAway } = outageOf(opened.store, false);
    hook.answers(() => {
      setAway(true);
      return { status: 200 };
    });
    const { delivery, sums } = await start({}, store);
    await delivery.deliver([slow]);
    await settled(() => sums()["deliverySent hook first"] === 1);
    setAway(false);
    await settled(() => [...delivery.groups().values()].every(({ outbox }) => outbox.length === 0));
    await settled(() => clock.nowMs() > startMs + 60_000);
    const saved = await opened.store.readStates("delivery");
    expect(saved.map(({ state }) => outboxOf.parse(JSON.parse(state)))).toEqual([{ outbox: [] }]);
    expect(hook.requests().length).toBe(1);
  });
});

const outboxOf = z.object({ outbox: z.array(z.unknown()) });

/** A store that refuses to save states while it is away. */
const outageOf = (store: Store, isAwayFirst: boolean) => {
  let isAway = isAwayFirst;
  return {
    setAway: (value: boolean) => {
      isAway = value;
    },
    store: {
      readStates: (owner: string) => store.readStates(owner),
      saveEvents: (events: Parameters<Store["saveEvents"]>[0]) => store.saveEvents(events),
      saveStates: async (owner: string, states: Parameters<Store["saveStates"]>[1]) => {
        if (isAway) throw new PlumblineError("store.unavailable", "away");
        await store.saveStates(owner, states);
      },
    },
  };
};
