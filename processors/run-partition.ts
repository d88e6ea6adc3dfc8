import { isRetryable } from "../core/errors.ts";
import type { Line } from "./line.ts";
import { stage } from "./line.ts";
import { plannedEnd, planText } from "./plan.ts";
import type { PreparedRange } from "./prepare-range.ts";
import { prepareRange } from "./prepare-range.ts";
import { saveRange } from "./save-range.ts";

/**
 * Works a partition until its session ends: collect, build, plan, save, commit. Delivery is at least once; rows are counted
 * once because a range that may have been stored before is planned first and repeated with the same bounds. While a range
 * is saved the next one is collected and built, so that this thread and the engine's work at the same time.
 */
export const runPartition = async (line: Line): Promise<void> => {
  try {
    await workPartition(line);
  } catch (error) {
    // A session that ends while something is away leaves its plan to the next one: nothing has failed.
    if (!line.session.signal.aborted || !isRetryable(error)) {
      throw error;
    }
  }
};

const workPartition = async (line: Line): Promise<void> => {
  const next = (from: number): Promise<PreparedRange> => prepareRange(line, { from, until: null });
  let current = await next(await finishPlanned(line));
  while (!line.session.signal.aborted) {
    const following = next(current.range.end);
    await Promise.all([store(line, current), following]);
    current = await following;
  }
  // Its session has ended, and so has what it was waiting for.
  await current.embedded;
};

const store = async (line: Line, prepared: PreparedRange): Promise<void> => {
  const { range, read, startedMs } = prepared;
  if (read === 0) {
    // Offsets without records are passed by, so that the lag of an idle group is 0.
    if (range.end > range.start && !line.session.signal.aborted) {
      await line.session.commit({ offset: range.end, metadata: "" });
    }
    return;
  }
  // Before the plan: who dies while an endpoint is waited for has planned nothing.
  const whole = await withEmbedded(prepared);
  if (isLeftToNext(line)) {
    return;
  }
  await line.session.commit({ offset: range.start, metadata: planText(range.end) });
  await saveRange(line, whole, "first");
  await line.session.commit({ offset: range.end, metadata: "" });
  line.meter.observe("stageBatchSeconds", (line.clock.monotonicMs() - startedMs) / 1000, { stage });
  await reportLag(line, range.end);
};

/** Finishes the insert that an earlier owner of this partition had planned; returns the offset to go on from. */
const finishPlanned = async (line: Line): Promise<number> => {
  const { session } = line;
  const { offset, metadata } = session.committed;
  const end = plannedEnd(metadata);
  if (end === null || end <= offset) {
    return offset;
  }
  // A log that lost its end, or was made anew, will never reach a plan beyond it.
  const until = Math.min(end, await session.endOffset());
  const prepared = await withEmbedded(await prepareRange(line, { from: offset, until }));
  if (prepared.range.end < until || session.signal.aborted) {
    return offset;
  }
  const { topic, partition } = session;
  line.log.info({ topic, partition, start: offset, end }, "finishing an interrupted insert");
  // A plan that was cut short has not the bounds, and so not the token, of the insert that was under way.
  await saveRange(line, prepared, until === end ? "repeated" : "redriven");
  await session.commit({ offset: prepared.range.end, metadata: "" });
  return prepared.range.end;
};

/** The range with what an endpoint embedded of it, after the sums of our own. */
const withEmbedded = async (prepared: PreparedRange): Promise<PreparedRange> => {
  const { built, embedded } = prepared;
  const embeddings = [...built.batch.embeddings, ...(await embedded)];
  return { ...prepared, built: { ...built, batch: { ...built.batch, embeddings } } };
};

/** Whether a stop has cut off the endpoint: whoever goes on reads the range again, and has its answers embedded. */
const isLeftToNext = ({ embedder, session }: Line): boolean => embedder !== null && session.signal.aborted;

const reportLag = async (line: Line, next: number): Promise<void> => {
  const lag = (await line.session.endOffset()) - next;
  line.meter.set("stageLag", lag, { stage, partition: String(line.session.partition) });
};
