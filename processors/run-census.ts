import type { BusRecord } from "../bus/bus.ts";
import { isRetryable, messageOf, PlumblineError } from "../core/errors.ts";
import type { ReceivedReport } from "../store/store.ts";
import { collectRange } from "./collect-range.ts";
import type { Line } from "./line.ts";
import { patiently } from "./patiently.ts";
import { planText } from "./plan.ts";
import type { FailedRecord } from "./publish-dead-letters.ts";
import { readOrigin } from "./read-origin.ts";
import { readReport } from "./read-report.ts";
import { sendAway } from "./send-away.ts";

/** What a partition of reports is worked with. */
export type CensusLine = Omit<Line, "steps">;

/** Reports are of use when they are new, and small: they wait little for each other. */
const lingerMs = 200;

const stage = "census";

/**
 * Saves the reports of one partition until its session ends. What is read again after a crash is saved again and changes
 * nothing, so that no plan is needed. A record that is no report goes to dead letters, and the rest goes on.
 */
export const runCensus = async (line: CensusLine): Promise<void> => {
  try {
    let next = line.session.committed.offset;
    while (!line.session.signal.aborted) {
      next = await saveNext(line, next);
    }
  } catch (error) {
    // A session that ends while something is away leaves its records to the next one: nothing has failed.
    if (!line.session.signal.aborted || !isRetryable(error)) {
      throw error;
    }
  }
};

const saveNext = async (line: CensusLine, from: number): Promise<number> => {
  const { session, clock, config, meter } = line;
  const { batchBytes } = config;
  const { records, next } = await collectRange({ session, clock, from, until: null, batchBytes, lingerMs });
  if (next === from) {
    return from;
  }
  meter.add("stageReceived", records.length, { stage });
  const failed = await saveRecords(line, records);
  if (failed.length > 0) {
    // An owner that was fenced learns it here; the next one finds by the plan that these letters are of this group.
    await session.commit({ offset: from, metadata: planText(next) });
    await sendAway({ ...line, stage }, failed);
  }
  await session.commit({ offset: next, metadata: "" });
  meter.set("stageLag", (await session.endOffset()) - next, { stage, partition: String(session.partition) });
  return next;
};

/** Saves what can be read of some records; returns those that could not be read, or that the store refuses. */
const saveRecords = async (line: CensusLine, records: readonly BusRecord[]): Promise<readonly FailedRecord[]> => {
  const receivedAtMs = line.clock.nowMs();
  const unreadable: FailedRecord[] = [];
  const readable: ReadRecord[] = [];
  for (const record of records) {
    const read = readReport(record.value);
    if (read.kind === "report") {
      readable.push({ record, received: { report: read.report, receivedAtMs } });
    } else {
      unreadable.push(failure(line, record, { code: "census.unreadable", reason: read.reason }));
    }
  }
  return [...unreadable, ...(await saveReadable(line, readable))];
};

interface ReadRecord {
  readonly record: BusRecord;
  readonly received: ReceivedReport;
}

const saveReadable = async (line: CensusLine, readable: readonly ReadRecord[]): Promise<readonly FailedRecord[]> => {
  const [first, ...rest] = readable;
  if (first === undefined) {
    return [];
  }
  const refusal = await save(
    line,
    readable.map(({ received }) => received),
  );
  if (refusal === null) {
    line.meter.add("stageSent", readable.length, { stage, table: "gateway_reports" });
    return [];
  }
  if (rest.length === 0) {
    return [failure(line, first.record, refusal)];
  }
  // The report at fault is found by trying each alone: one that is saved twice does no harm.
  const refused: FailedRecord[] = [];
  for (const each of readable) {
    refused.push(...(await saveReadable(line, [each])));
  }
  return refused;
};

type Refusal = Pick<FailedRecord, "code" | "reason">;

/** Waits out a store that is away; says why, when the store refuses the reports for good. */
const save = async (line: CensusLine, received: readonly ReceivedReport[]): Promise<Refusal | null> => {
  try {
    await patiently(line, "the store", () => line.store.saveReports(received));
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

/** A letter that was sent again and failed again keeps its first origin, with the try counted. */
const failure = ({ session }: CensusLine, record: BusRecord, refusal: Refusal): FailedRecord => {
  const named = readOrigin(record.headers);
  const { topic, partition } = session;
  const isAgain = named.kind === "named" && named.origin.topic === topic;
  const origin = isAgain ? named.origin : { topic, partition, offset: record.offset, tries: 0 };
  return { record, ...refusal, origin: { ...origin, tries: origin.tries + 1 } };
};
