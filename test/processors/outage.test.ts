import { describe, expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { topics } from "../../core/topics.ts";
import type { Processors } from "../../processors/processors.ts";
import type { Store } from "../../store/store.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { doorOf, keptLog, setUpLine, until } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const secondMs = 1_000;
const hourMs = 3_600_000;

/** The store, away until `isBack`; the times of all tries are kept, by the monotonic clock. */
const awayUntil = (
  clock: VirtualClock,
  isBack: () => boolean,
): { readonly store: Store; readonly triesMs: number[] } => {
  const triesMs: number[] = [];
  const door = doorOf(store().store, {
    before: () => {
      triesMs.push(clock.monotonicMs());
      if (!isBack()) throw new PlumblineError("store.unavailable", "the store is away");
    },
  });
  return { store: door, triesMs };
};

const drained = async (processors: Processors, clock: VirtualClock, stepMs: number): Promise<void> => {
  expect(await clock.advanceUntil(processors.drain(100 * hourMs), stepMs)).toBe(true);
  await clock.advanceUntil(processors.stop(), stepMs);
};

describe("a store that is away", () => {
  test("for an hour loses nothing and is asked with growing pauses, and says so once", async () => {
    const clock = virtualClock();
    openBus({ clock, leaseMs: 60_000 });
    const away = awayUntil(clock, () => clock.monotonicMs() >= hourMs);
    const { log, lines } = keptLog();
    const config = { retryMs: 4 * secondMs, maxRetryMs: 64 * secondMs };
    const processors = start({ store: away.store, clock, log, config });
    const sent: number[] = [];
    for (let minute = 0; minute < 60; minute += 5) {
      sent.push(sent.length + 1);
      await clock.advanceUntil(publish(recordOf(sent.length)), 4 * secondMs);
      while (clock.monotonicMs() < (minute + 5) * 60 * secondMs) {
        await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 4 * secondMs);
      }
    }
    await drained(processors, clock, 4 * secondMs);
    expect(await storedSums(store().store)).toEqual(exactly(sent));
    expect(bus().recordsOf(topics.deadLetters)).toEqual([]);
    const pauses = away.triesMs.slice(1).map((triedMs, index) => (triedMs - (away.triesMs[index] ?? 0)) / secondMs);
    const whileAway = pauses.slice(0, away.triesMs.filter((triedMs) => triedMs < hourMs).length);
    expect(whileAway.slice(0, 5)).toEqual([4, 8, 16, 32, 64]);
    expect(new Set(whileAway.slice(4))).toEqual(new Set([64]));
    expect(whileAway.length).toBeGreaterThan(50);
    expect(lines).toEqual(["warn: the store is away; waiting", "the store is back"]);
  });

  test("for a day keeps what retention would have removed, and the day's backlog is stored", async () => {
    const clock = virtualClock();
    openBus({ clock, retentionHours: 1, leaseMs: 600_000 });
    const away = awayUntil(clock, () => clock.monotonicMs() >= 24 * hourMs);
    const processors = start({ store: away.store, clock, config: { retryMs: 60_000, maxRetryMs: 600_000 } });
    const sent: number[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      sent.push(sent.length + 1);
      await publish(recordOf(sent.length));
      for (let minute = 0; minute < 60; minute += 1) {
        await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 60_000);
      }
    }
    expect(bus().recordsOf(topics.spans)).toHaveLength(24);
    await drained(processors, clock, 60_000);
    expect(await storedSums(store().store)).toEqual(exactly(sent));
  });

  test("lets a stop end at once, and the next owner stores what was planned", async () => {
    const clock = virtualClock();
    openBus({ clock });
    let tries = 0;
    const away = doorOf(store().store, {
      before: () => {
        tries += 1;
        throw new PlumblineError("store.unavailable", "the store is away");
      },
    });
    const { log, lines } = keptLog();
    await publish(recordOf(1));
    const processors = start({ store: away, clock, log, config: { retryMs: 60_000, maxRetryMs: 600_000 } });
    await clock.advanceUntil(
      until(() => tries === 3),
      60_000,
    );
    const before = clock.monotonicMs();
    await processors.stop();
    expect(clock.monotonicMs()).toBe(before);
    expect(tries).toBe(3);
    expect(lines).toEqual(["warn: the store is away; waiting"]);
    await drained(start({ clock }), clock, 20);
    expect(await storedSums(store().store)).toEqual(exactly([1]));
  });
});
