import type { BusRead, BusRecord, ReadOptions } from "./bus.ts";
import type { PartitionId } from "./log-state.ts";
import { readBounds } from "./log-state.ts";
import type { LogTables } from "./log-storage.ts";
import { decodeRecord } from "./record-codec.ts";

/** What a single read asks for. */
export type ReadBounds = Omit<ReadOptions, "waitMs">;

/** Reads what is there now, in order of offset, within the bounds; memory holds only the records it returns. */
export const readRecords = ({ records, state }: LogTables, id: PartitionId, bounds: ReadBounds): BusRead => {
  const { from, until = Number.MAX_SAFE_INTEGER } = bounds;
  // Taken before the records: one that is appended meanwhile is found by the next read.
  const { end } = readBounds(state, id);
  const found: BusRecord[] = [];
  let bytes = 0;
  for (const stored of records.range({ ...id, offset: from }, until)) {
    const record = decodeRecord(stored.offset, stored.bytes);
    found.push(record);
    bytes += record.value.byteLength;
    if (found.length >= bounds.maxRecords || bytes >= bounds.maxBytes) break;
  }
  const last = found.at(-1);
  return { records: found, next: last === undefined ? Math.max(from, Math.min(until, end)) : last.offset + 1 };
};
