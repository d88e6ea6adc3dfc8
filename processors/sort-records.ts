import type { BusRecord, PartitionSession } from "../bus/bus.ts";
import type { RecordRange } from "./build-batch.ts";
import { judgeOrigin } from "./judge-origin.ts";
import type { FailedRecord } from "./publish-dead-letters.ts";
import type { Origin } from "./read-origin.ts";
import { readOrigin } from "./read-origin.ts";

/** A dead letter that came again. */
export interface RedrivenRecord {
  /** As it was read. */
  readonly record: BusRecord;
  readonly origin: Origin;
}

/** The records of a range by what is done with them, each kind in order of offset. */
export interface SortedRecords {
  readonly own: readonly BusRecord[];
  readonly redriven: readonly RedrivenRecord[];
  readonly refused: readonly FailedRecord[];
}

/** Tells records that were sent again from all others, and refuses those that only say so. */
export const sortRecords = async (session: PartitionSession, range: RecordRange): Promise<SortedRecords> => {
  const { topic, partition } = range;
  const own: BusRecord[] = [];
  const redriven: RedrivenRecord[] = [];
  const refused: FailedRecord[] = [];
  const isCopy = copyCheck(session);
  for (const record of range.records) {
    const place = { topic, partition, offset: record.offset };
    const verdict = judgeOrigin(readOrigin(record.headers), place);
    if (verdict.kind === "own") {
      own.push(record);
    } else if (verdict.kind === "refused") {
      refused.push(failed(record, verdict));
    } else if (await isCopy(record, verdict.origin)) {
      redriven.push({ record, origin: verdict.origin });
    } else {
      const reason = "its headers name an origin that holds other bytes";
      refused.push(failed(record, { origin: { ...place, tries: 0 }, reason }));
    }
  }
  return { own, redriven, refused };
};

const failed = (
  record: BusRecord,
  { origin, reason }: { readonly origin: Origin; readonly reason: string },
): FailedRecord => ({ record, code: "record.bad_origin", reason, origin: { ...origin, tries: origin.tries + 1 } });

/** How long to wait for the record at an origin; the bus has it already, or never again. */
const originWaitMs = 1_000;

/**
 * Tells whether a record has the bytes of its origin; where retention has removed those, nobody can tell any more, and it is
 * believed. What is gone at one offset is gone at all before it, which a bus may take seconds to find out.
 */
const copyCheck = (session: PartitionSession): ((record: BusRecord, origin: Origin) => Promise<boolean>) => {
  let goneBelow = 0;
  return async (record, { offset }) => {
    if (offset < goneBelow) {
      return true;
    }
    const bounds = { from: offset, until: offset + 1, maxRecords: 1, maxBytes: 1, waitMs: originWaitMs };
    const { records } = await session.read(bounds);
    const [first] = records;
    goneBelow = first === undefined ? offset + 1 : goneBelow;
    return first === undefined || Buffer.compare(first.value, record.value) === 0;
  };
};
