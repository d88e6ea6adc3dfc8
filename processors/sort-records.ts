import type { BusRecord } from "../bus/bus.ts";
import type { RecordRange } from "./build-batch.ts";
import { collectRange } from "./collect-range.ts";
import { judgeOrigin } from "./judge-origin.ts";
import type { Line } from "./line.ts";
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

/** What records are sorted with. */
export type SortDeps = Pick<Line, "session" | "clock" | "config">;

/** Tells records that were sent again from all others, and refuses those that only say so. */
export const sortRecords = async (deps: SortDeps, range: RecordRange): Promise<SortedRecords> => {
  const { topic, partition } = range;
  const own: BusRecord[] = [];
  const redriven: RedrivenRecord[] = [];
  const refused: FailedRecord[] = [];
  for (const record of range.records) {
    const place = { topic, partition, offset: record.offset };
    const verdict = judgeOrigin(readOrigin(record.headers), place);
    if (verdict.kind === "own") {
      own.push(record);
    } else if (verdict.kind === "refused") {
      refused.push(failed(record, verdict));
    } else if (await isCopy(deps, record, verdict.origin)) {
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

/** Whether a record has the bytes of its origin; where retention has removed those, nobody can tell any more, and it is believed. */
const isCopy = async ({ session, clock, config }: SortDeps, record: BusRecord, origin: Origin): Promise<boolean> => {
  const { records } = await collectRange({
    session,
    clock,
    from: origin.offset,
    until: origin.offset + 1,
    batchBytes: config.batchBytes,
    lingerMs: 0,
  });
  const [first] = records;
  return first === undefined || Buffer.compare(first.value, record.value) === 0;
};
