import { doneOffset, forgetGroup, listGroups } from "./group-state.ts";
import type { Bounds, PartitionId, Topic } from "./log-state.ts";
import { addBytes, listTopics, readBounds, writeBounds } from "./log-state.ts";
import type { LogTables, StateTable } from "./log-storage.ts";
import { appendedAtOf } from "./record-codec.ts";
import { storedBytes } from "./stored-bytes.ts";

/** Which records a trim may remove, and where it stops. Records that a known group still needs are never removed. */
export interface TrimLimits {
  /** Removes only records appended at or before this time, in milliseconds since the Unix epoch. */
  readonly appendedUntilMs: number;
  /** Also removes younger records, if the topic has groups and all of them are done with these. */
  readonly isUrgent: boolean;
  /** Stops once this many bytes are freed. */
  readonly maxBytes: number;
  readonly maxRecords: number;
}

interface Head extends PartitionId, Bounds {
  /** Where trimming must stop. */
  readonly until: number;
  readonly appendedUntilMs: number;
  readonly appendedAtMs: number;
  readonly bytes: number;
}

/** Removes the oldest records of a topic within the limits, inside a transaction; returns the bytes freed. */
export const trimTopic = (tables: LogTables, topic: Topic, limits: TrimLimits): number => {
  const heads = removableHeads(tables, topic, limits);
  let freed = 0;
  for (let removed = 0; removed < limits.maxRecords && freed < limits.maxBytes; removed += 1) {
    const oldest = heads.reduce<Head | null>((a, b) => (a === null || b.appendedAtMs < a.appendedAtMs ? b : a), null);
    if (oldest === null) break;
    tables.records.remove({ ...oldest, offset: oldest.first });
    writeBounds(tables.state, oldest, { first: oldest.first + 1, end: oldest.end });
    freed += oldest.bytes;
    const next = headAt(tables, { ...oldest, first: oldest.first + 1 });
    heads.splice(heads.indexOf(oldest), 1, ...(next === null ? [] : [next]));
  }
  if (freed > 0) addBytes(tables.state, topic.id, -freed);
  return freed;
};

/** Whether `trimTopic` would remove anything; reads only. */
export const isTrimmable = (tables: LogTables, topic: Topic, limits: TrimLimits): boolean =>
  removableHeads(tables, topic, limits).length > 0;

/** A group that has given no sign of life for long. */
export interface SilentGroup {
  readonly topic: Topic;
  readonly group: string;
  /** When it last did, in milliseconds since the Unix epoch. */
  readonly seenAtMs: number;
}

/** Groups that gave no sign of life since `seenBeforeMs`. */
export const silentGroups = (state: StateTable, seenBeforeMs: number): readonly SilentGroup[] =>
  listTopics(state).flatMap((topic) =>
    listGroups(state, topic.id)
      .filter(({ seenAtMs }) => seenAtMs < seenBeforeMs)
      .map(({ name, seenAtMs }) => ({ topic, group: name, seenAtMs })),
  );

/** Forgets those of the groups that are silent still, inside a transaction, so that they hold no record back; returns them. */
export const forgetSilent = (state: StateTable, groups: readonly SilentGroup[]): readonly SilentGroup[] => {
  const forgotten = groups.filter(({ topic, group, seenAtMs }) =>
    listGroups(state, topic.id).some((known) => known.name === group && known.seenAtMs === seenAtMs),
  );
  for (const { topic, group } of forgotten) forgetGroup(state, { topicId: topic.id, group });
  return forgotten;
};

const removableHeads = (tables: LogTables, topic: Topic, limits: TrimLimits): Head[] =>
  Array.from({ length: topic.partitions }, (_, partition) => {
    const id = { topicId: topic.id, partition };
    const bounds = readBounds(tables.state, id);
    const done = doneOffset(tables.state, id);
    const appendedUntilMs = limits.isUrgent && done !== null ? Number.POSITIVE_INFINITY : limits.appendedUntilMs;
    return headAt(tables, { ...id, ...bounds, until: Math.min(done ?? bounds.end, bounds.end), appendedUntilMs });
  }).filter((head) => head !== null);

const headAt = ({ records }: LogTables, at: Omit<Head, "appendedAtMs" | "bytes">): Head | null => {
  if (at.first >= at.until) return null;
  const bytes = records.get({ ...at, offset: at.first });
  // An offset without a record cannot hold anything back: it counts as old and empty.
  const appendedAtMs = bytes === undefined ? 0 : appendedAtOf(bytes);
  if (appendedAtMs > at.appendedUntilMs) return null;
  return { ...at, appendedAtMs, bytes: bytes === undefined ? 0 : storedBytes(bytes.byteLength) };
};
