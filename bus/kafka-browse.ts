import type { BrowsedRecord, PartitionSession } from "./bus.ts";
import type { KafkaConsumerDeps } from "./kafka-consumer.ts";
import { KafkaConsumer } from "./kafka-consumer.ts";

const maxRecords = 1_000;
const maxBytes = 8 * 1024 * 1024;
const waitMs = 1_000;

/**
 * Reads a topic from its beginning to where it ends now, partition by partition. Clients fetch only as members of a group:
 * this one commits nothing and is forgotten afterwards.
 */
export async function* browseKafka(
  deps: KafkaConsumerDeps,
  { topic, group }: { readonly topic: string; readonly group: string },
): AsyncGenerator<BrowsedRecord> {
  const bounds = [...(await deps.driver.offsets(topic))].sort((a, b) => a.partition - b.partition);
  const sessions = new Sessions();
  const consumer = new KafkaConsumer(deps, { topic, group, onPartition: (session) => sessions.lend(session) });
  try {
    for (const { partition, low, high } of bounds) {
      for (let next = low; next < high; ) {
        const session = await sessions.of(partition);
        const read = await session.read({ from: next, until: high, maxRecords, maxBytes, waitMs });
        next = read.next;
        for (const record of read.records) yield { ...record, partition };
      }
    }
  } finally {
    await consumer.stop();
    // A group that nobody comes back to is forgotten by the brokers too, only later.
    await deps.driver.forgetGroup(group).catch(() => {});
  }
}

/** The sessions that are open now, by partition. */
class Sessions {
  readonly #open = new Map<number, PartitionSession>();
  #changed = Promise.withResolvers<void>();

  /** Keeps a session until it is to end. */
  async lend(session: PartitionSession): Promise<void> {
    this.#open.set(session.partition, session);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    await new Promise<void>((resolve) => {
      if (session.signal.aborted) resolve();
      session.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** The partition's session, when there is one that is not to end. */
  async of(partition: number): Promise<PartitionSession> {
    for (;;) {
      const session = this.#open.get(partition);
      if (session !== undefined && !session.signal.aborted) return session;
      await this.#changed.promise;
    }
  }
}
