import type { Subscription } from "../bus/bus.ts";
import { messageOf } from "../core/errors.ts";
import { topics } from "../core/topics.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { pickLetterProducer } from "./letter-producer.ts";
import { createPriceCall } from "./price-call.ts";
import { runPartition } from "./run-partition.ts";

/** Running processors. */
export interface Processors {
  /**
   * Resolves when everything that was on the bus before the call is stored, by whichever processors, or after `timeoutMs`;
   * tells which.
   */
  readonly drain: (timeoutMs: number) => Promise<boolean>;
  /** Finishes the batch under way and stops. */
  readonly stop: () => Promise<void>;
}

const drainPollMs = 50;

/** Starts turning the spans on the bus into rows of the store. */
export const startProcessors = (deps: ProcessorsDeps): Processors => {
  const { bus, clock, config, log } = deps;
  const priceCall = createPriceCall(config.prices);
  const topic = topics.spans;
  const subscription: Subscription = bus.consume({
    topic,
    group: config.group,
    onPartition: async (session) => {
      const letterProducer = await pickLetterProducer(bus, session);
      await runPartition({ ...deps, session, priceCall, letterProducer });
    },
    onError: (error) => log.error({ err: messageOf(error) }, "a partition stopped and is assigned again"),
  });
  return {
    drain: async (timeoutMs) => {
      const deadlineMs = clock.monotonicMs() + timeoutMs;
      const before = await bus.progress(topic, config.group);
      const ends = new Map(before.map(({ partition, end }) => [partition, end]));
      for (;;) {
        const now = await bus.progress(topic, config.group);
        if (now.every(({ partition, committed }) => committed >= (ends.get(partition) ?? 0))) {
          return true;
        }
        if (clock.monotonicMs() >= deadlineMs) {
          return false;
        }
        await clock.sleep(drainPollMs);
      }
    },
    stop: () => subscription.stop(),
  };
};
