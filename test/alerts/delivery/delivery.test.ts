import { describe, expect, test } from "vitest";
import { alertOf, over, startMs } from "./alerts.ts";
import { useDelivery } from "./use-delivery.ts";

const current = useDelivery();
const slow = alertOf({ alertname: "Slow", route: "chat" });

describe("a receiver", () => {
  test("is told of a beginning and an end, and nothing is left to remember", async () => {
    const { opened, hook, clock, start, told } = current();
    const { delivery, sums, stop } = await start();
    await delivery.deliver([slow]);
    await clock.advanceUntil(hook.received(1), 100);
    await delivery.deliver([over(slow, clock.nowMs())]);
    await clock.advanceUntil(hook.received(2), 1_000);
    await stop();
    expect(told()).toEqual(["firing: Slow", "resolved: Slow"]);
    expect(await opened.store.readStates("delivery")).toEqual([]);
    expect(sums()).toMatchObject({ "deliverySent hook first": 1, "deliverySent hook resolved": 1 });
    const rows = await opened.store.query("SELECT state, reason, tries FROM notifications ORDER BY at");
    expect(rows).toMatchObject([
      { state: "sent", reason: "first" },
      { state: "sent", reason: "resolved" },
    ]);
  });

  test("that is down is tried again with one key until it is back, no sooner than it asked", async () => {
    const { hook, clock, start, settled, keys } = current();
    const at: number[] = [];
    hook.answers((_, index) => {
      at.push(clock.nowMs() - startMs);
      return index < 3 ? { status: 503, headers: index === 1 ? { "retry-after": "30" } : {} } : { status: 200 };
    });
    const { delivery, sums } = await start();
    await delivery.deliver([slow]);
    await clock.advanceUntil(hook.received(4), 50);
    await settled(() => sums()["deliverySent hook first"] === 1);
    expect(new Set(keys()).size).toBe(1);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(sums()["deliveryErrors hook delivery.unreachable"]).toBe(3);
    expect(delivery.deadLetters()).toEqual([]);
  });

  test("that refuses gets a dead letter, which can be sent again under its key", async () => {
    const { hook, start, settled, keys } = current();
    hook.answers((_, index) => ({ status: index === 0 ? 400 : 200 }));
    const { delivery, sums, lines } = await start();
    await delivery.deliver([slow]);
    await settled(() => delivery.deadLetters().length === 1);
    const [letter] = delivery.deadLetters();
    expect(letter).toMatchObject({ reason: "refused", says: "it answered 400", tries: 1 });
    expect(lines).toContain("error: a notification became a dead letter");
    expect(await delivery.revive(letter?.notification.id ?? "")).toBe(true);
    await settled(() => sums()["deliverySent hook first"] === 1);
    expect(new Set(keys()).size).toBe(1);
    expect(delivery.deadLetters()).toEqual([]);
    expect(await delivery.revive("unknown")).toBe(false);
  });

  test("that stays down is given up, and told anew once it is back", async () => {
    const { hook, start, settled, told } = current();
    hook.answers(() => ({ status: 500 }));
    const { delivery, sums } = await start({ retry: { giveUpSeconds: 20 } });
    await delivery.deliver([slow]);
    await settled(() => delivery.deadLetters().length === 1);
    hook.answers(() => ({ status: 200 }));
    await settled(() => sums()["deliverySent hook first"] === 1);
    expect(sums()["deliveryDropped hook gave_up"]).toBe(1);
    expect(told().at(-1)).toBe("firing: Slow");
  });

  test("that hangs is let go after a time, and tried again", async () => {
    const { hook, start, settled } = current();
    hook.answers((_, index) => (index === 0 ? "hang" : { status: 200 }));
    const { delivery, sums } = await start({ retry: { timeoutMs: 100 } });
    await delivery.deliver([slow]);
    await settled(() => sums()["deliverySent hook first"] === 1);
    expect(hook.requests().length).toBe(2);
  });

  test("that fails on one group is told of the others meanwhile, and of none out of order", async () => {
    const { hook, clock, start, settled, told } = current();
    hook.answers(({ body }) => ({ status: body.includes('"Bad"') ? 500 : 200 }));
    const { delivery, sums } = await start();
    const bad = alertOf({ alertname: "Bad" });
    await delivery.deliver([bad]);
    await clock.advanceUntil(hook.received(1), 100);
    await delivery.deliver([slow, over(bad, clock.nowMs())]);
    await settled(() => sums()["deliverySent hook first"] === 1);
    await settled(() => [...delivery.groups().values()].some(({ outbox }) => outbox.length === 2));
    expect(told()).toContain("firing: Slow");
    expect(told()).not.toContain("resolved: Bad");
    hook.answers(() => ({ status: 200 }));
    await settled(() => sums()["deliverySent hook resolved"] === 1);
    expect(
      told()
        .filter((line) => line.endsWith("Bad"))
        .slice(-2),
    ).toEqual(["firing: Bad", "resolved: Bad"]);
  });

  test("whose queue is full loses the oldest to dead letters, counted", async () => {
    const { hook, start, settled } = current();
    hook.answers(() => "hang");
    const { delivery, sums } = await start({ queueLimit: 2, deadLetterLimit: 1, retry: { timeoutMs: 200 } });
    const alerts = ["A", "B", "C", "D", "E"].map((alertname) => alertOf({ alertname }));
    for (const alert of alerts) await delivery.deliver([alert]);
    await settled(() => sums()["deliveryDropped hook queue_full"] === 2);
    expect(delivery.deadLetters().map(({ notification }) => notification.alerts[0]?.labels["alertname"])).toEqual([
      "C",
    ]);
    expect(sums()["deliveryLettersDropped"]).toBe(1);
    hook.answers(() => ({ status: 200 }));
  });
});
