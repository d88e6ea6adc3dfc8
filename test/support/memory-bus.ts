import type { Bus, BusRecord } from "../../bus/bus.ts";
import { embeddedBusConfig } from "../../bus/config.ts";
import { LogBus } from "../../bus/log-bus.ts";
import { readBounds, readTopic } from "../../bus/log-state.ts";
import type { LogStorage } from "../../bus/log-storage.ts";
import { decodeRecord } from "../../bus/record-codec.ts";
import type { Clock } from "../../core/clock.ts";
import type { PlumblineError } from "../../core/errors.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { memoryLogStorage } from "./memory-log-storage.ts";

/** A bus in the memory of this process, that a test can look into and take away. */
export interface MemoryBus extends Bus {
  /** All records of the first partition of a topic. */
  readonly recordsOf: (topic: string) => readonly BusRecord[];
  /** While an error is set, publishing and asking for sequences reject with it. */
  readonly setOutage: (error: PlumblineError | null) => void;
}

/** What a memory bus needs. */
export interface MemoryBusArgs {
  readonly clock: Clock;
  readonly storage?: LogStorage;
  readonly partitions?: number;
  /** Bytes that the records of all topics may take together. */
  readonly maxBytes?: number;
  /** Bytes that one record may have. */
  readonly maxRecordBytes?: number;
  /** Milliseconds after which the partitions of a silent consumer go to another. */
  readonly leaseMs?: number;
  /** Hours after which a record that every group is done with is removed. */
  readonly retentionHours?: number;
}

/** Opens a bus in memory: the embedded bus in all but its tables. */
export const openMemoryBus = ({ clock, storage = memoryLogStorage(), ...config }: MemoryBusArgs): MemoryBus => {
  const bus = new LogBus({
    storage,
    config: embeddedBusConfig.parse({ ...config }),
    clock,
    ids: randomIds,
    log: silentLog,
    pid: process.pid,
    host: "memory",
    isRunning: () => true,
  });
  let outage: PlumblineError | null = null;
  const check = (): void => {
    if (outage !== null) {
      throw outage;
    }
  };
  return {
    publish: async (message) => {
      check();
      await bus.publish(message);
    },
    lastSequence: async (topic, producerId) => {
      check();
      return bus.lastSequence(topic, producerId);
    },
    consume: (options) => bus.consume(options),
    progress: (topic, group) => bus.progress(topic, group),
    browse: (topic) => bus.browse(topic),
    follow: (topic, options) => bus.follow(topic, options),
    close: () => bus.close(),
    recordsOf: (name) => recordsOf(storage, name),
    setOutage: (error) => {
      outage = error;
    },
  };
};

const recordsOf = ({ state, records }: LogStorage, name: string): readonly BusRecord[] => {
  const topic = readTopic(state, name);
  if (topic === null) {
    return [];
  }
  const id = { topicId: topic.id, partition: 0 };
  const { first, end } = readBounds(state, id);
  return [...records.range({ ...id, offset: first }, end)].map(({ offset, bytes }) => decodeRecord(offset, bytes));
};
