import { describe, expect, test } from "vitest";
import type { Bus } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

describe("draining", () => {
  test("right behind the start waits for partitions that nobody has been given yet", async () => {
    openBus({ clock: systemClock, partitions: 4 });
    for (const number of [1, 2, 3, 4, 5, 6]) await publish(recordOf(number), { partition: number % 4 });
    expect(await start().drain(60_000)).toBe(true);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3, 4, 5, 6]));
  });

  test("waits for the partitions of other processors as well", async () => {
    openBus({ clock: systemClock, partitions: 2 });
    const processors = [start(), start()];
    for (const number of [1, 2, 3, 4]) await publish(recordOf(number), { partition: number % 2 });
    expect(await processors[0]?.drain(60_000)).toBe(true);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3, 4]));
  });

  test("is done where there was never a record", async () => {
    expect(await start().drain(60_000)).toBe(true);
  });

  test("goes on asking while the bus is away", async () => {
    let refusals = 3;
    const away: Bus = {
      ...bus(),
      progress: async (topic, group) => {
        refusals -= 1;
        if (refusals >= 0) throw new PlumblineError("bus.unavailable", "the bus is away");
        return bus().progress(topic, group);
      },
    };
    await publish(recordOf(1));
    expect(await start({ bus: away }).drain(60_000)).toBe(true);
    expect(refusals).toBeLessThan(0);
    expect(await storedSums(store().store)).toEqual(exactly([1]));
  });

  test("gives up after its time, and says so", async () => {
    const clock = virtualClock();
    openBus({ clock });
    await publish(recordOf(1));
    const away = doorOf(store().store, {
      before: () => {
        throw new PlumblineError("store.unavailable", "the store is away");
      },
    });
    const processors = start({ store: away, clock });
    expect(await clock.advanceUntil(processors.drain(30_000), 50)).toBe(false);
    expect(clock.monotonicMs()).toBe(30_000);
  });
});
