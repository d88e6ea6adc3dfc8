import { PlumblineError } from "../core/errors.ts";
import type { BrowsedRecord } from "./bus.ts";
import { guardedRead } from "./guarded-read.ts";
import type { Bounds } from "./log-state.ts";
import { readBounds, readTopic } from "./log-state.ts";
import type { LogStorage } from "./log-storage.ts";
import { readRecords } from "./read-records.ts";

/** What one look at the log takes along, so that memory stays bounded and writers never wait for a reader. */
const slice = { maxRecords: 1_000, maxBytes: 4 * 1024 * 1024 };

/** What a topic is browsed with. */
export interface BrowseArgs {
  readonly storage: LogStorage;
  readonly topic: string;
  /** Whether the bus was closed meanwhile; its tables must not be touched then. */
  readonly isClosed: () => boolean;
}

/** The records that a topic holds when the iteration begins, partition by partition, in order of offset. */
export async function* browseTopic({ storage, topic, isClosed }: BrowseArgs): AsyncGenerator<BrowsedRecord> {
  const look = <T>(read: () => T): T => {
    if (isClosed()) throw new PlumblineError("bus.closed", "The bus is closed.");
    return guardedRead(() => {
      storage.refresh();
      return read();
    });
  };
  for (const { topicId, partition, first, end } of look(() => partitionsOf(storage, topic))) {
    let next = first;
    while (next < end) {
      const read = look(() => readRecords(storage, { topicId, partition }, { from: next, until: end, ...slice }));
      for (const record of read.records) yield { ...record, partition };
      next = read.next;
    }
  }
}

interface PartitionBounds extends Bounds {
  readonly topicId: number;
  readonly partition: number;
}

const partitionsOf = ({ state }: LogStorage, name: string): readonly PartitionBounds[] => {
  const topic = readTopic(state, name);
  return Array.from({ length: topic?.partitions ?? 0 }, (_, partition) => {
    const id = { topicId: topic?.id ?? 0, partition };
    return { ...id, ...readBounds(state, id) };
  });
};
