import { PlumblineError } from "../core/errors.ts";
import type { BusRead } from "./bus.ts";
import { guardedRead } from "./guarded-read.ts";
import type { Bounds, PartitionId } from "./log-state.ts";
import { readBounds, readTopic } from "./log-state.ts";
import type { LogStorage } from "./log-storage.ts";
import { readRecords } from "./read-records.ts";

/** What one look at the log takes along, so that memory stays bounded and writers never wait for a reader. */
const slice = { maxRecords: 1_000, maxBytes: 4 * 1024 * 1024 };

/** What a topic is read with. */
export interface TopicReaderArgs {
  readonly storage: LogStorage;
  readonly topic: string;
  /** Whether the bus was closed meanwhile; its tables must not be touched then. */
  readonly isClosed: () => boolean;
}

/** A partition, and what it holds. */
export interface PartitionBounds extends PartitionId, Bounds {}

/** Reads a topic without a group. Each look is at the log as it is then; it throws `bus.closed` or `bus.unavailable`. */
export interface TopicReader {
  /** The partitions in order; none for a topic that was never used. */
  readonly partitions: () => readonly PartitionBounds[];
  /** Some records of a partition from an offset on, up to `until` or its end. */
  readonly read: (id: PartitionId, from: number, until?: number) => BusRead;
}

/** Makes a reader of a topic. */
export const topicReader = ({ storage, topic, isClosed }: TopicReaderArgs): TopicReader => {
  const look = <T>(read: () => T): T => {
    if (isClosed()) throw new PlumblineError("bus.closed", "The bus is closed.");
    return guardedRead(() => {
      storage.refresh();
      return read();
    });
  };
  return {
    partitions: () => look(() => partitionsOf(storage, topic)),
    read: ({ topicId, partition }, from, until = Number.MAX_SAFE_INTEGER) =>
      look(() => readRecords(storage, { topicId, partition }, { from, until, ...slice })),
  };
};

const partitionsOf = ({ state }: LogStorage, name: string): readonly PartitionBounds[] => {
  const topic = readTopic(state, name);
  return Array.from({ length: topic?.partitions ?? 0 }, (_, partition) => {
    const id = { topicId: topic?.id ?? 0, partition };
    return { ...id, ...readBounds(state, id) };
  });
};
