import type { BusRecord, ReadOptions } from "./bus.ts";
import type { PartitionId } from "./log-state.ts";
import type { LogTables } from "./log-storage.ts";
import { decodeRecord } from "./record-codec.ts";

/** What a single read asks for. */
export type ReadBounds = Omit<ReadOptions, "waitMs">;

/** Reads what is there now, in order of offset, within the bounds; memory holds only the records it returns. */
export const readRecords = ({ records }: LogTables, id: PartitionId, bounds: ReadBounds): readonly BusRecord[] => {
  const found: BusRecord[] = [];
  let bytes = 0;
  for (const stored of records.range({ ...id, offset: bounds.from }, bounds.until ?? Number.MAX_SAFE_INTEGER)) {
    const record = decodeRecord(stored.offset, stored.bytes);
    found.push(record);
    bytes += record.value.byteLength;
    if (found.length >= bounds.maxRecords || bytes >= bounds.maxBytes) break;
  }
  return found;
};
