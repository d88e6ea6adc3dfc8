import type { GroupProgress, Subscription } from "../bus/bus.ts";
import { isRetryable, messageOf } from "../core/errors.ts";
import { topics } from "../core/topics.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { letterProducerOf } from "./letter-producer.ts";
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
    onPartition: (session) =>
      runPartition({ ...deps, session, priceCall, letterProducer: letterProducerOf(bus, session) }),
    onError: (error) => log.error({ err: messageOf(error) }, "a partition stopped and is assigned again"),
  });
  return {
    drain: async (timeoutMs) => {
      const deadlineMs = clock.monotonicMs() + timeoutMs;
      let ends: ReadonlyMap<number, number> | null = null;
      for (;;) {
        const progress = await progressOf(deps);
        ends ??= progress === null ? null : new Map(progress.map(({ partition, end }) => [partition, end]));
        if (progress?.every(({ partition, committed }) => committed >= (ends?.get(partition) ?? 0)) === true) {
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

/** How far the group is; null while the bus is away. */
const progressOf = async ({ bus, config }: ProcessorsDeps): Promise<readonly GroupProgress[] | null> => {
  try {
    return await bus.progress(topics.spans, config.group);
  } catch (error) {
    if (!isRetryable(error)) {
      throw error;
    }
    return null;
  }
};
