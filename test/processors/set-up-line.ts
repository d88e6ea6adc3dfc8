import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import { systemClock } from "../../core/clock.ts";
import { silentMeter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { silentLog } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";
import type { ProcessorsConfig } from "../../processors/config.ts";
import { processorsConfig } from "../../processors/config.ts";
import type { Processors } from "../../processors/processors.ts";
import { startProcessors } from "../../processors/processors.ts";
import type { AppendOptions, Batch, Store } from "../../store/store.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import type { MemoryBus, MemoryBusArgs } from "../support/memory-bus.ts";
import { openMemoryBus } from "../support/memory-bus.ts";
import { unitPrice } from "./ledger.ts";

/** What of the processors a test chooses. */
export interface StartOptions {
  readonly store?: Store;
  readonly bus?: Bus;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly version?: string;
  readonly config?: Partial<ProcessorsConfig>;
}

/** The processors between a bus in memory and the embedded store, fresh for each test of a file. */
export interface LineUnderTest {
  readonly bus: () => MemoryBus;
  readonly store: () => OpenedStore;
  /** Puts a bus of the test's own in the place of the one that was opened for it. */
  readonly openBus: (args: MemoryBusArgs) => MemoryBus;
  /** Starts processors, by default with next to no waiting; the end of the test stops them. */
  readonly start: (options?: StartOptions) => Processors;
  readonly publish: (value: Uint8Array, more?: PublishOptions) => Promise<void>;
}

/** What of a record of the spans topic a test chooses. */
export interface PublishOptions {
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Prepares the tests of a file; to be called once, at its top. */
export const setUpLine = (): LineUnderTest => {
  let engine: Engine;
  let opened: OpenedStore;
  let bus: MemoryBus;
  let databases = 0;
  const running: Processors[] = [];
  beforeAll(async () => {
    engine = await makeEngine();
  });
  afterAll(async () => {
    await engine.remove();
  });
  beforeEach(async () => {
    databases += 1;
    opened = await engine.open(`line_${databases}`);
    await opened.store.migrate();
    bus = openMemoryBus({ clock: systemClock });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((processors) => processors.stop()));
    await bus.close();
    await opened.close();
  });
  return {
    bus: () => bus,
    store: () => opened,
    openBus: (args) => {
      bus = openMemoryBus(args);
      return bus;
    },
    start: (options = {}) => {
      const processors = startProcessors({
        bus: options.bus ?? bus,
        store: options.store ?? opened.store,
        clock: options.clock ?? systemClock,
        log: options.log ?? silentLog,
        meter: silentMeter,
        config: processorsConfig.parse({
          lingerMs: 10,
          retryMs: 1,
          maxRetryMs: 4,
          prices: [unitPrice],
          ...options.config,
        }),
        version: options.version ?? "test",
      });
      running.push(processors);
      return processors;
    },
    publish: (value, more = {}) => bus.publish({ topic: topics.spans, key: null, value, ...more }),
  };
};

/** A store behind a door: `before` may wait or throw in place of an append, `after` behind one that was made. */
export const doorOf = (
  store: Store,
  door: {
    readonly before?: (batch: Batch, options: AppendOptions) => Promise<void> | void;
    readonly after?: (batch: Batch) => Promise<void> | void;
  },
): Store => ({
  ...store,
  append: async (batch, options) => {
    await door.before?.(batch, options);
    await store.append(batch, options);
    await door.after?.(batch);
  },
});

/** Resolves when `isDone` holds; it is asked again and again, and the test's own limit ends it. */
export const until = async (isDone: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isDone())) {
    await new Promise(setImmediate);
  }
};

/** A log that keeps its messages, warnings and errors with their level in front. */
export const keptLog = (): { readonly log: Log; readonly lines: readonly string[] } => {
  const lines: string[] = [];
  return {
    lines,
    log: {
      info: (_, message) => lines.push(message),
      warn: (_, message) => lines.push(`warn: ${message}`),
      error: (_, message) => lines.push(`error: ${message}`),
    },
  };
};
