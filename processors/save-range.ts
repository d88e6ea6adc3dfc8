import type { ErrorCode } from "../core/errors.ts";
import { isRetryable, messageOf, PlumblineError } from "../core/errors.ts";
import type { Batch, Delivery } from "../store/store.ts";
import type { BuiltBatch, RecordRange, RejectedRecord } from "./build-batch.ts";
import { buildBatch } from "./build-batch.ts";
import type { Line } from "./line.ts";
import { stage } from "./line.ts";
import { patiently } from "./patiently.ts";
import { planText } from "./plan.ts";
import type { PreparedRange } from "./prepare-range.ts";
import type { FailedRecord } from "./publish-dead-letters.ts";
import { sendAway } from "./send-away.ts";
import type { RedrivenRecord } from "./sort-records.ts";

/**
 * Stores a range, and sends what cannot be stored to dead letters. The letters come last and in order of offset: when the
 * first of them is durable everything else is stored, so a range that is worked again cannot lose one by its sequence.
 */
export const saveRange = async (line: Line, prepared: PreparedRange, delivery: Delivery): Promise<void> => {
  const { range, built } = prepared;
  const rejected = range.records.length === 0 ? [] : await saveOwn(line, { range, built, delivery });
  const failed: FailedRecord[] = [...rejected.map((each) => firstFailure(range, each)), ...prepared.refused];
  for (const redriven of prepared.redriven) {
    failed.push(...(await saveRedriven(line, redriven)));
  }
  if (failed.length > 0) {
    // An owner that was fenced learns it here: the letters of this range, and the producer id, are another's by now.
    await line.session.commit({ offset: range.start, metadata: planText(range.end) });
    await sendAway({ ...line, stage }, failed);
  }
};

const firstFailure = ({ topic, partition }: RecordRange, rejected: RejectedRecord): FailedRecord => ({
  ...rejected,
  origin: { topic, partition, offset: rejected.record.offset, tries: 1 },
});

/** Stores records under the offsets at which they were read; returns what could not be stored. */
const saveOwn = async (
  line: Line,
  work: { readonly range: RecordRange; readonly built: BuiltBatch; readonly delivery: Delivery },
): Promise<readonly RejectedRecord[]> => {
  const { range, built, delivery } = work;
  const refusal = await append(line, built.batch, delivery);
  if (refusal === null) {
    return built.rejected;
  }
  const [first, ...rest] = range.records;
  if (first === undefined || rest.length === 0) {
    return first === undefined ? [] : [{ record: first, ...refusal }];
  }
  // The record at fault is found by halving; what the refused insert may have stored of the others is not stored again.
  const rejected: RejectedRecord[] = [];
  for (const half of halves(range)) {
    const again = buildBatch(half, line.steps);
    rejected.push(...(await saveOwn(line, { range: half, built: again, delivery: "redriven" })));
  }
  return rejected;
};

/** Stores a record that was sent again under the place where it was first read, as far as its rows are not there yet. */
const saveRedriven = async (line: Line, { record, origin }: RedrivenRecord): Promise<readonly FailedRecord[]> => {
  const { topic, partition, offset } = origin;
  const records = [{ ...record, offset }];
  const built = buildBatch({ topic, partition, start: offset, end: offset + 1, records }, line.steps);
  const refusal = await append(line, built.batch, "redriven");
  const problems = refusal === null ? built.rejected : [refusal];
  return problems.map(({ code, reason }) => ({
    record,
    code,
    reason,
    origin: { ...origin, tries: origin.tries + 1 },
  }));
};

interface Refusal {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** Waits out a store that is away; says why, when the store refuses the batch for good. */
const append = async (line: Line, batch: Batch, given: Delivery): Promise<Refusal | null> => {
  let delivery = given;
  const attempt = async (): Promise<void> => {
    const current = delivery;
    // An insert that failed may have been made all the same, or may still be under way at a server.
    delivery = current === "first" ? "repeated" : current;
    await line.store.append(batch, { delivery: current });
  };
  try {
    await patiently(line, "the store", attempt);
  } catch (error) {
    if (isRetryable(error)) {
      throw error;
    }
    const code = error instanceof PlumblineError ? error.code : "processors.internal";
    return { code, reason: messageOf(error) };
  }
  countRows(line, batch);
  return null;
};

/** Splits a range in two at the middle record; together they cover the same offsets. */
const halves = (range: RecordRange): readonly [RecordRange, RecordRange] => {
  const middle = Math.ceil(range.records.length / 2);
  const boundary = range.records[middle]?.offset ?? range.end;
  return [
    { ...range, end: boundary, records: range.records.slice(0, middle) },
    { ...range, start: boundary, records: range.records.slice(middle) },
  ];
};

const countRows = (line: Line, batch: Batch): void => {
  const counts = {
    calls: batch.calls.length,
    attempts: batch.attempts.length,
    contents: batch.contents.length,
    otel_traces: batch.spans.length,
    embedding_sums: batch.embeddings.length,
  };
  for (const [table, rows] of Object.entries(counts)) {
    line.meter.add("stageSent", rows, { stage, table });
  }
};
