import { onTestFinished } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import type { MemoryBus, MemoryBusArgs } from "../../support/memory-bus.ts";
import { openMemoryBus } from "../../support/memory-bus.ts";

/** A bus in memory on the machine's clock, that is closed when the test has finished. */
export const openTestBus = (args: Partial<MemoryBusArgs> = {}): MemoryBus => {
  const bus = openMemoryBus({ clock: systemClock, ...args });
  onTestFinished(() => bus.close());
  return bus;
};
