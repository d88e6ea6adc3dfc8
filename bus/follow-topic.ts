import { setImmediate } from "node:timers/promises";
import type { BrowsedRecord } from "./bus.ts";
import { appendsTo } from "./subjects.ts";
import type { TopicReader, TopicReaderArgs } from "./topic-reader.ts";
import { topicReader } from "./topic-reader.ts";
import type { Wakeups } from "./wakeups.ts";

/** What a topic is followed with. */
export interface FollowArgs extends TopicReaderArgs {
  readonly wakeups: Wakeups;
  /** Milliseconds between two looks for what other processes have appended. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

/** Records handed out in a row before others of the process have their turn: a long topic must not hold up a gateway's calls. */
const inARow = 64;

/** The records that a topic holds, then those that are appended, until the signal aborts; each partition in order of offset. */
export async function* followTopic(args: FollowArgs): AsyncGenerator<BrowsedRecord> {
  const { topic, wakeups, pollMs, signal } = args;
  const reader = topicReader(args);
  const positions = new Map<number, number>();
  while (!signal.aborted) {
    let found = 0;
    for (const record of newRecords(reader, positions)) {
      if (signal.aborted) return;
      found += 1;
      yield record;
      if (found % inARow === 0) await setImmediate();
    }
    if (found === 0) await wakeups.wait(appendsTo(topic), pollMs, signal);
  }
}

/** One round over the partitions: of each some records from its position on, which moves behind every record handed out. */
function* newRecords(reader: TopicReader, positions: Map<number, number>): Generator<BrowsedRecord> {
  for (const { first, end, ...id } of reader.partitions()) {
    const { partition } = id;
    const from = Math.max(positions.get(partition) ?? first, first);
    if (from >= end) continue;
    const { records, next } = reader.read(id, from);
    for (const record of records) {
      positions.set(partition, record.offset + 1);
      yield { ...record, partition };
    }
    positions.set(partition, next);
  }
}
