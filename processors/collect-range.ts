import type { BusRead, BusRecord, PartitionSession, ReadOptions } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";

/** When a range of records is complete. */
export interface CollectOptions {
  readonly session: PartitionSession;
  readonly from: number;
  /** Offset to stop before: the range is complete only there; null lets size and time decide. */
  readonly until: number | null;
  readonly batchBytes: number;
  readonly lingerMs: number;
  readonly clock: Clock;
}

/** How long one read waits for a first record; a stop or a new record ends the wait earlier. */
const idleWaitMs = 1_000;
const maxRecords = 10_000;

/**
 * Reads records from `from` on until they fill a batch or the linger time is over. With `until` it reads exactly up to
 * there. Returns none when nothing came or the session is to end; `next` is the offset after the range.
 */
export const collectRange = async (options: CollectOptions): Promise<BusRead> => {
  const records: BusRecord[] = [];
  let next = options.from;
  let bytes = 0;
  let deadlineMs: number | null = null;
  while (!options.session.signal.aborted) {
    const request = nextRead(options, { from: next, bytes, deadlineMs });
    if (request === null) {
      return { records, next };
    }
    const read = await options.session.read(request);
    next = read.next;
    if (read.records.length === 0 && records.length === 0 && options.until === null) {
      return { records, next };
    }
    records.push(...read.records);
    bytes += read.records.reduce((sum, record) => sum + record.value.length, 0);
    deadlineMs ??= options.clock.monotonicMs() + options.lingerMs;
  }
  return { records: [], next: options.from };
};

/** What to read next; null when the range is complete. */
const nextRead = (
  options: CollectOptions,
  state: { readonly from: number; readonly bytes: number; readonly deadlineMs: number | null },
): ReadOptions | null => {
  const { until, batchBytes } = options;
  if (until !== null) {
    const isComplete = state.from >= until;
    return isComplete ? null : { from: state.from, until, maxRecords, maxBytes: batchBytes, waitMs: idleWaitMs };
  }
  const waitMs = state.deadlineMs === null ? idleWaitMs : state.deadlineMs - options.clock.monotonicMs();
  const isComplete = state.bytes >= batchBytes || waitMs <= 0;
  return isComplete ? null : { from: state.from, maxRecords, maxBytes: batchBytes - state.bytes, waitMs };
};
