import type { PartitionSession } from "../bus/bus.ts";
import { isRetryable, messageOf, PlumblineError } from "../core/errors.ts";
import type { Delivery } from "../store/store.ts";
import type { BuiltBatch, RecordRange } from "./build-batch.ts";
import { buildBatch } from "./build-batch.ts";
import { collectRange } from "./collect-range.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { plannedEnd, planText } from "./plan.ts";
import type { PriceCall } from "./price-call.ts";
import { publishDeadLetters } from "./publish-dead-letters.ts";

/** What one partition is worked with. */
interface Line extends ProcessorsDeps {
  readonly session: PartitionSession;
  readonly priceCall: PriceCall;
}

/**
 * Works a partition until its session ends: collect, build, plan, save, commit. Delivery is at least once; rows are counted
 * once because a range that may have been stored before is planned first and repeated with the same bounds. While a range
 * is saved the next one is collected and built, so that this thread and the engine's work at the same time.
 */
export const runPartition = async (line: Line): Promise<void> => {
  let current = await prepare(line, await finishPlanned(line));
  while (!line.session.signal.aborted) {
    const following = prepare(line, current.range.end);
    await Promise.all([store(line, current), following]);
    current = await following;
  }
};

/** A range that is ready to be saved; `built` is null when no record came. */
interface Prepared {
  readonly range: RecordRange;
  readonly built: BuiltBatch | null;
  readonly startedMs: number;
}

const prepare = async (line: Line, from: number): Promise<Prepared> => {
  const startedMs = line.clock.monotonicMs();
  const range = await collect(line, { from, until: null });
  if (range.records.length === 0) {
    return { range, built: null, startedMs };
  }
  line.meter.add("stageReceived", range.records.length, { stage });
  return { range, built: buildBatch(range, line.priceCall), startedMs };
};

const store = async (line: Line, { range, built, startedMs }: Prepared): Promise<void> => {
  if (built === null) {
    // Offsets without records are passed by, so that the lag of an idle group is 0.
    if (range.end > range.start && !line.session.signal.aborted) {
      await line.session.commit({ offset: range.end, metadata: "" });
    }
    return;
  }
  await line.session.commit({ offset: range.start, metadata: planText(range.end) });
  await saveBuilt(line, { range, built, delivery: "first" });
  await line.session.commit({ offset: range.end, metadata: "" });
  line.meter.observe("stageBatchSeconds", (line.clock.monotonicMs() - startedMs) / 1000, { stage });
  await reportLag(line, range.end);
};

const stage = "processors";

/** Finishes the insert that an earlier owner of this partition had planned; returns the offset to go on from. */
const finishPlanned = async (line: Line): Promise<number> => {
  const { offset, metadata } = line.session.committed;
  const end = plannedEnd(metadata);
  if (end === null || end <= offset) {
    return offset;
  }
  // A log that lost its end, or was made anew, will never reach a plan beyond it.
  const until = Math.min(end, await line.session.endOffset());
  const range = await collect(line, { from: offset, until });
  if (range.end < until) {
    return offset;
  }
  line.log.info(
    { topic: range.topic, partition: range.partition, start: offset, end },
    "finishing an interrupted insert",
  );
  // A plan that was cut short has not the bounds, and so not the token, of the insert that was under way.
  await saveRange(line, { range, delivery: until === end ? "repeated" : "redriven" });
  await line.session.commit({ offset: range.end, metadata: "" });
  return range.end;
};

const collect = async (
  line: Line,
  bounds: { readonly from: number; readonly until: number | null },
): Promise<RecordRange> => {
  const { session, config, clock } = line;
  const { records, next } = await collectRange({
    session,
    clock,
    ...bounds,
    batchBytes: config.batchBytes,
    lingerMs: config.lingerMs,
  });
  return { topic: session.topic, partition: session.partition, start: bounds.from, end: next, records };
};

const saveRange = (line: Line, work: { readonly range: RecordRange; readonly delivery: Delivery }): Promise<void> =>
  saveBuilt(line, { ...work, built: buildBatch(work.range, line.priceCall) });

/**
 * Stores a range. The store being away is waited out. A range that the store refuses for good is halved until the record
 * at fault stands alone; that one goes to dead letters and the rest is stored.
 */
const saveBuilt = async (
  line: Line,
  work: { readonly range: RecordRange; readonly built: BuiltBatch; readonly delivery: Delivery },
): Promise<void> => {
  const { range, built } = work;
  try {
    await appendPatiently(line, built.batch, work.delivery);
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.isRetryable) {
      throw error;
    }
    await saveRefused(line, { range, error });
    return;
  }
  await publishDeadLetters(line, { range, code: "span.undecodable", rejected: built.rejected });
  countRows(line, built.batch);
};

const saveRefused = async (
  line: Line,
  refused: { readonly range: RecordRange; readonly error: PlumblineError },
): Promise<void> => {
  const { range, error } = refused;
  const [first, ...rest] = range.records;
  if (first === undefined) {
    return;
  }
  if (rest.length === 0) {
    await publishDeadLetters(line, { range, code: error.code, rejected: [{ record: first, reason: error.message }] });
    return;
  }
  for (const half of halves(range)) {
    // Other tables may have taken the whole range, under its own token.
    await saveRange(line, { range: half, delivery: "redriven" });
  }
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

const appendPatiently = async (line: Line, batch: BuiltBatch["batch"], given: Delivery): Promise<void> => {
  const { store, clock, config, meter, log, session } = line;
  const { topic, partition } = session;
  let delivery = given;
  let pauseMs = config.retryMs;
  for (;;) {
    try {
      await store.append(batch, { delivery });
      return;
    } catch (error) {
      if (!isRetryable(error)) {
        throw error;
      }
      // The insert that failed may have been made all the same, or may still be under way at a server.
      delivery = delivery === "first" ? "repeated" : delivery;
      meter.add("stageErrors", 1, { stage, code: error instanceof PlumblineError ? error.code : "unknown" });
      log.warn({ err: messageOf(error), pauseMs, topic, partition }, "store is away; waiting");
      await clock.sleep(pauseMs, session.signal);
      if (session.signal.aborted) {
        throw error;
      }
      pauseMs = Math.min(pauseMs * 2, config.maxRetryMs);
    }
  }
};

const countRows = (line: Line, batch: ReturnType<typeof buildBatch>["batch"]): void => {
  const counts = {
    calls: batch.calls.length,
    attempts: batch.attempts.length,
    contents: batch.contents.length,
    otel_traces: batch.spans.length,
  };
  for (const [table, rows] of Object.entries(counts)) {
    line.meter.add("stageSent", rows, { stage, table });
  }
};

const reportLag = async (line: Line, next: number): Promise<void> => {
  const lag = (await line.session.endOffset()) - next;
  line.meter.set("stageLag", lag, { stage, partition: String(line.session.partition) });
};
