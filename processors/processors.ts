import type { PartitionSession, Subscription } from "../bus/bus.ts";
import { messageOf } from "../core/errors.ts";
import { topics } from "../core/topics.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { createPriceCall } from "./price-call.ts";
import { runPartition } from "./run-partition.ts";

/** Running processors. */
export interface Processors {
  /** Resolves when everything that was on the bus before the call is stored, or after `timeoutMs`; tells which. */
  readonly drain: (timeoutMs: number) => Promise<boolean>;
  /** Finishes the batch under way and stops. */
  readonly stop: () => Promise<void>;
}

const drainPollMs = 20;

/** Starts turning the spans on the bus into rows of the store. */
export const startProcessors = (deps: ProcessorsDeps): Processors => {
  const priceCall = createPriceCall(deps.config.prices);
  const positions = new Map<number, PartitionSession>();
  const committed = new Map<number, number>();
  const subscription: Subscription = deps.bus.consume({
    topic: topics.spans,
    group: deps.config.group,
    onPartition: async (session) => {
      const tracked = trackCommits(session, committed);
      positions.set(session.partition, tracked);
      committed.set(session.partition, session.committed.offset);
      try {
        await runPartition({ ...deps, session: tracked, priceCall });
      } finally {
        positions.delete(session.partition);
      }
    },
    onError: (error) => deps.log.error({ err: messageOf(error) }, "a partition stopped and is assigned again"),
  });
  return {
    drain: async (timeoutMs) => {
      const deadlineMs = deps.clock.monotonicMs() + timeoutMs;
      const ends = await Promise.all(
        [...positions.values()].map(async (session) => [session.partition, await session.endOffset()] as const),
      );
      const isDone = (): boolean => ends.every(([partition, end]) => (committed.get(partition) ?? 0) >= end);
      while (!isDone() && deps.clock.monotonicMs() < deadlineMs) {
        await deps.clock.sleep(drainPollMs);
      }
      return isDone();
    },
    stop: () => subscription.stop(),
  };
};

/** The same session, with every committed offset noted for `drain`. */
const trackCommits = (session: PartitionSession, committed: Map<number, number>): PartitionSession => ({
  topic: session.topic,
  partition: session.partition,
  committed: session.committed,
  signal: session.signal,
  read: (options) => session.read(options),
  endOffset: () => session.endOffset(),
  commit: async (position) => {
    await session.commit(position);
    committed.set(session.partition, position.offset);
  },
});
