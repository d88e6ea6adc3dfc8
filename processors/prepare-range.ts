import type { EmbeddingSum } from "../core/embedding-sum.ts";
import type { BuiltBatch, RecordRange } from "./build-batch.ts";
import { buildInTurns } from "./build-batch.ts";
import { collectRange } from "./collect-range.ts";
import type { Line } from "./line.ts";
import { stage } from "./line.ts";
import type { SortedRecords } from "./sort-records.ts";
import { sortRecords } from "./sort-records.ts";

/** A range that is ready to be saved. */
export interface PreparedRange extends Omit<SortedRecords, "own"> {
  /** The bounds of everything read, with the records that are this range's own. */
  readonly range: RecordRange;
  /** What those became. */
  readonly built: BuiltBatch;
  /** What an endpoint made of the answers: it is asked while the range before is saved. It never rejects. */
  readonly embedded: Promise<readonly EmbeddingSum[]>;
  /** Records read; 0 when none came. */
  readonly read: number;
  /** When reading began, monotonic. */
  readonly startedMs: number;
}

/** Reads the next range, or the one up to `until` when that is given, and builds what is to be saved of it. */
export const prepareRange = async (
  line: Line,
  bounds: { readonly from: number; readonly until: number | null },
): Promise<PreparedRange> => {
  const { session, config, clock, meter } = line;
  const startedMs = clock.monotonicMs();
  const { batchBytes, lingerMs } = config;
  const { records, next } = await collectRange({ session, clock, ...bounds, batchBytes, lingerMs });
  const { topic, partition } = session;
  const place = { topic, partition, start: bounds.from, end: next };
  const { own, redriven, refused } = await sortRecords(session, { ...place, records });
  const range: RecordRange = { ...place, records: own };
  meter.add("stageReceived", records.length, { stage });
  const built = await buildInTurns(range, line.steps, clock);
  const embedded = embed(line, range, built);
  return { range, built, embedded, redriven, refused, read: records.length, startedMs };
};

const embed = async (line: Line, range: RecordRange, { answers }: BuiltBatch): Promise<readonly EmbeddingSum[]> =>
  line.embedder === null || answers === null ? [] : await line.embedder.embed(range, answers, line.session.signal);
