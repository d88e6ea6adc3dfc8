import { PlumblineError } from "../core/errors.ts";
import type { BrowsedRecord, FollowOptions, PartitionSession, Subscription } from "./bus.ts";
import { Handover } from "./handover.ts";
import type { KafkaConsumerDeps } from "./kafka-consumer.ts";
import { KafkaConsumer } from "./kafka-consumer.ts";

const reading = { maxRecords: 1_000, maxBytes: 8 * 1024 * 1024, waitMs: 5_000 };

/** What a topic is followed with. */
export interface KafkaFollowArgs extends FollowOptions {
  readonly topic: string;
  /** A group of its own: clients fetch only as members of one. It commits nothing and is forgotten afterwards. */
  readonly group: string;
  /** Aborts when the bus closes. */
  readonly closing: AbortSignal;
  /** Keeps the consumer for the time it runs, so that a bus that closes can stop it. */
  readonly keep: (consumer: Subscription) => () => void;
}

/** Reads a topic from its beginning and goes on with what is appended. The positions outlive the memberships of the group. */
export async function* followKafka(deps: KafkaConsumerDeps, args: KafkaFollowArgs): AsyncGenerator<BrowsedRecord> {
  const { topic, group, signal, closing, onError } = args;
  const handover = new Handover<BrowsedRecord>();
  const close = (): void => handover.close();
  for (const each of [signal, closing]) each.addEventListener("abort", close, { once: true });
  if (signal.aborted || closing.aborted) close();
  const positions = new Map<number, number>();
  const onPartition = (session: PartitionSession): Promise<void> => pass(session, { positions, handover });
  const consumer = new KafkaConsumer(deps, {
    topic,
    group,
    onPartition,
    ...(onError === undefined ? {} : { onError }),
  });
  const letGo = args.keep(consumer);
  try {
    for (let next = await handover.take(); next !== null; next = await handover.take()) yield next;
  } finally {
    for (const each of [signal, closing]) each.removeEventListener("abort", close);
    close();
    await consumer.stop();
    letGo();
    // A group that nobody comes back to is forgotten by the brokers too, only later.
    if (!closing.aborted) await deps.driver.forgetGroup(group).catch(() => {});
  }
  if (!signal.aborted) throw new PlumblineError("bus.closed", "The bus is closed.");
}

/** Hands the records of a partition over while it is assigned, from where the last session of it ended. */
const pass = async (
  session: PartitionSession,
  to: { readonly positions: Map<number, number>; readonly handover: Handover<BrowsedRecord> },
): Promise<void> => {
  const { partition, committed, signal } = session;
  const known = to.positions.get(partition) ?? committed.offset;
  // A log that is shorter than what was read of it was written anew.
  let next = known > (await session.endOffset()) ? committed.offset : known;
  while (!signal.aborted) {
    const read = await session.read({ from: next, ...reading });
    for (const record of read.records) {
      if (!(await to.handover.give({ ...record, partition }, signal))) return;
      to.positions.set(partition, record.offset + 1);
    }
    next = read.next;
    to.positions.set(partition, next);
  }
};
