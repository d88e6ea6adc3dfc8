import type { BusRecord } from "../bus/bus.ts";
import type { ErrorCode } from "../core/errors.ts";
import { isRetryable, messageOf, PlumblineError } from "../core/errors.ts";
import type { Store } from "../store/store.ts";
import { collectRange } from "./collect-range.ts";
import type { Line } from "./line.ts";
import { patiently } from "./patiently.ts";
import { planText } from "./plan.ts";
import type { FailedRecord } from "./publish-dead-letters.ts";
import type { ReadJson } from "./read-json.ts";
import type { Origin } from "./read-origin.ts";
import { readOrigin } from "./read-origin.ts";
import { sendAway } from "./send-away.ts";

/** What a partition is worked with whose records are saved one by one. */
export type SavesLine = Omit<Line, "steps" | "embedder">;

/** What was read of a record, and the place where that record was first read. */
export interface Received<T> {
  readonly value: T;
  readonly receivedAtMs: number;
  readonly origin: Origin;
}

/** A topic of which saving a record again changes nothing. */
export interface SavedTopic<T> {
  readonly stage: string;
  /** Where its records go, for counting. */
  readonly table: string;
  readonly unreadable: ErrorCode;
  readonly read: (bytes: Uint8Array) => ReadJson<T>;
  readonly save: (store: Store, received: readonly Received<T>[]) => Promise<void>;
}

/** Such records are of use when they are new, and small: they wait little for each other. */
const lingerMs = 200;

/**
 * Saves the records of one partition until its session ends. What is read again after a crash is saved again and changes
 * nothing, so that no plan is needed. A record that cannot be read goes to dead letters, and the rest goes on.
 */
export const runSaves = async <T>(line: SavesLine, topic: SavedTopic<T>): Promise<void> => {
  try {
    let next = line.session.committed.offset;
    while (!line.session.signal.aborted) {
      next = await saveNext(line, topic, next);
    }
  } catch (error) {
    // A session that ends while something is away leaves its records to the next one: nothing has failed.
    if (!line.session.signal.aborted || !isRetryable(error)) {
      throw error;
    }
  }
};

const saveNext = async <T>(line: SavesLine, topic: SavedTopic<T>, from: number): Promise<number> => {
  const { session, clock, config, meter } = line;
  const { stage } = topic;
  const { batchBytes } = config;
  const { records, next } = await collectRange({ session, clock, from, until: null, batchBytes, lingerMs });
  if (next === from) {
    return from;
  }
  meter.add("stageReceived", records.length, { stage });
  const failed = await saveRecords(line, topic, records);
  if (failed.length > 0) {
    // An owner that was fenced learns it here; the next one finds by the plan that these letters are of this group.
    await session.commit({ offset: from, metadata: planText(next) });
    await sendAway({ ...line, stage }, failed);
  }
  await session.commit({ offset: next, metadata: "" });
  meter.set("stageLag", (await session.endOffset()) - next, { stage, partition: String(session.partition) });
  return next;
};

interface ReadRecord<T> {
  readonly record: BusRecord;
  readonly received: Received<T>;
}

/** Saves what can be read of some records; returns those that could not be read, or that the store refuses. */
const saveRecords = async <T>(
  line: SavesLine,
  topic: SavedTopic<T>,
  records: readonly BusRecord[],
): Promise<readonly FailedRecord[]> => {
  const receivedAtMs = line.clock.nowMs();
  const unreadable: FailedRecord[] = [];
  const readable: ReadRecord<T>[] = [];
  for (const record of records) {
    const read = topic.read(record.value);
    const origin = originOf(line, record);
    if (read.kind === "read") {
      readable.push({ record, received: { value: read.value, receivedAtMs, origin } });
    } else {
      unreadable.push(failure({ record, origin }, { code: topic.unreadable, reason: read.reason }));
    }
  }
  return [...unreadable, ...(await saveReadable(line, topic, readable))];
};

const saveReadable = async <T>(
  line: SavesLine,
  topic: SavedTopic<T>,
  readable: readonly ReadRecord<T>[],
): Promise<readonly FailedRecord[]> => {
  const [first, ...rest] = readable;
  if (first === undefined) {
    return [];
  }
  const refusal = await save(line, () =>
    topic.save(
      line.store,
      readable.map(({ received }) => received),
    ),
  );
  if (refusal === null) {
    line.meter.add("stageSent", readable.length, { stage: topic.stage, table: topic.table });
    return [];
  }
  if (rest.length === 0) {
    return [failure({ record: first.record, origin: first.received.origin }, refusal)];
  }
  // The record at fault is found by trying each alone: one that is saved twice does no harm.
  const refused: FailedRecord[] = [];
  for (const each of readable) {
    refused.push(...(await saveReadable(line, topic, [each])));
  }
  return refused;
};

type Refusal = Pick<FailedRecord, "code" | "reason">;

/** Waits out a store that is away; says why, when the store refuses the records for good. */
const save = async (line: SavesLine, work: () => Promise<void>): Promise<Refusal | null> => {
  try {
    await patiently(line, "the store", work);
    return null;
  } catch (error) {
    if (isRetryable(error)) {
      throw error;
    }
    return {
      code: error instanceof PlumblineError ? error.code : "processors.internal",
      reason: messageOf(error),
    };
  }
};

/** A letter that was sent again keeps its first origin. */
const originOf = ({ session }: SavesLine, record: BusRecord): Origin => {
  const named = readOrigin(record.headers);
  const { topic, partition } = session;
  const isAgain = named.kind === "named" && named.origin.topic === topic;
  return isAgain ? named.origin : { topic, partition, offset: record.offset, tries: 0 };
};

const failure = ({ record, origin }: Pick<FailedRecord, "record" | "origin">, refusal: Refusal): FailedRecord => ({
  record,
  ...refusal,
  origin: { ...origin, tries: origin.tries + 1 },
});
