import type { BusMessage } from "./bus.ts";
import type { Topic } from "./log-state.ts";
import {
  addBytes,
  listTopics,
  readBounds,
  readSequence,
  readTotalBytes,
  writeBounds,
  writeSequence,
} from "./log-state.ts";
import type { LogTables } from "./log-storage.ts";
import { storedBytes } from "./stored-bytes.ts";
import { trimTopic } from "./trim.ts";

/** A record that is ready to be appended. */
export interface AppendRequest {
  readonly topic: Topic;
  readonly partition: number;
  readonly encoded: Uint8Array;
  readonly producer: BusMessage["producer"];
}

/** What the log may hold. */
export interface LogLimits {
  readonly maxBytes: number;
  /** Records appended until then may make room if no group needs them; milliseconds since the Unix epoch. */
  readonly appendedUntilMs: number;
}

/** What became of a record: `repeated` means that it is in the log already, `full` that nothing was appended. */
export type AppendOutcome = "appended" | "repeated" | "full";

/** How many records one append removes at most to make room for itself; bounds the time for which others must wait. */
const maxTrimmed = 10_000;

/** Appends a record to the end of its partition, inside a transaction. */
export const appendRecord = (tables: LogTables, request: AppendRequest, limits: LogLimits): AppendOutcome => {
  const { state, records } = tables;
  const { topic, partition, encoded, producer } = request;
  const id = { topicId: topic.id, partition };
  if (producer !== undefined && producer.sequence <= readSequence(state, topic.id, producer.id)) return "repeated";
  const bytes = storedBytes(encoded.byteLength);
  if (!makeRoom(tables, { topic, bytes }, limits)) return "full";
  const bounds = readBounds(state, id);
  records.put({ ...id, offset: bounds.end }, encoded);
  writeBounds(state, id, { first: bounds.first, end: bounds.end + 1 });
  addBytes(state, topic.id, bytes);
  if (producer !== undefined) writeSequence(state, { topicId: topic.id, producerId: producer.id }, producer.sequence);
  return "appended";
};

const makeRoom = (
  tables: LogTables,
  wanted: { readonly topic: Topic; readonly bytes: number },
  limits: LogLimits,
): boolean => {
  let missing = readTotalBytes(tables.state) + wanted.bytes - limits.maxBytes;
  if (missing <= 0) return true;
  const others = listTopics(tables.state).filter(({ id }) => id !== wanted.topic.id);
  for (const topic of [wanted.topic, ...others]) {
    missing -= trimTopic(tables, topic, {
      appendedUntilMs: limits.appendedUntilMs,
      isUrgent: true,
      maxBytes: missing,
      maxRecords: maxTrimmed,
    });
    if (missing <= 0) return true;
  }
  return false;
};
