import type { Committed } from "../../bus/bus.ts";
import type { KafkaDriver, OutgoingRecord } from "../../bus/kafka-driver.ts";
import { PlumblineError } from "../../core/errors.ts";

/** What becomes of a request: it fails before it has an effect, has it and its answer is lost, or all is well. */
export type Fate = "before" | "after" | "ok";

/** Brokers in memory, as far as producers see them; `nextFate` decides over each request that changes something. */
export const fakeBrokers = (
  nextFate: () => Fate,
): { readonly driver: KafkaDriver; readonly log: readonly OutgoingRecord[] } => {
  const log: OutgoingRecord[] = [];
  const committed = new Map<string, Committed>();
  const epochs = new Map<string, number>();
  const unused = (): never => {
    throw new Error("not a matter of producers");
  };
  /** The effect of a producer that was fenced never comes to be. */
  const request = (effect: () => void, isFenced: () => boolean): void => {
    const fate = nextFate();
    if (fate === "before" || isFenced()) throw new PlumblineError("bus.unavailable", "refused");
    effect();
    if (fate === "after") throw new PlumblineError("bus.unavailable", "the answer was lost");
  };
  const driver: KafkaDriver = {
    hasTopic: async () => true,
    ensureTopic: async () => ({ partitions: 1, maxBatchBytes: 1_000_000 }),
    openProducer: async () => ({
      send: async (records) =>
        request(
          () => log.push(...records),
          () => false,
        ),
      close: async () => {},
    }),
    openTransactions: async (id) => {
      const epoch = (epochs.get(id) ?? 0) + 1;
      request(
        () => epochs.set(id, epoch),
        () => false,
      );
      return {
        transact: async ({ records, group, topic, sequence }) =>
          request(
            () => {
              log.push(...records);
              committed.set(JSON.stringify([group, topic]), { offset: sequence, metadata: "" });
            },
            () => epochs.get(id) !== epoch,
          ),
        close: async () => {},
      };
    },
    committed: async ({ group, topic }) => {
      const known = committed.get(JSON.stringify([group, topic]));
      return new Map(known === undefined ? [] : [[0, known]]);
    },
    offsets: async () => [{ partition: 0, low: 0, high: log.length }],
    join: unused,
    forgetGroup: unused,
    close: async () => {},
  };
  return { driver, log };
};
