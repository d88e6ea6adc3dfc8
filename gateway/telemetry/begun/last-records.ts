import { stat } from "node:fs/promises";
import { plumbline } from "../../../core/attributes.ts";
import { bytesField } from "../fitting/protobuf-fields.ts";
import { attributesOf, spansOf } from "../fitting/span-fields.ts";
import { SegmentReader } from "../segment-reader.ts";
import type { SegmentFile } from "../spool-files.ts";

/** The end of what a dead gateway left in its spool. */
export interface LastRecords {
  /** Sequence of the last whole record; 0 when there is none. */
  readonly last: number;
  /** Position of its call among those that the gateway has finished; 0 when that is not known. */
  readonly lastSeq: number;
  /** Ids of the calls of the last records. */
  readonly callIds: ReadonlySet<string>;
}

const spanIdField = 2;
const noRecords: LastRecords = { last: 0, lastSeq: 0, callIds: new Set() };

/** Reads the last `count` records, the newest first, of files in order of their sequences. */
export const lastRecords = async (
  files: readonly SegmentFile[],
  args: { readonly count: number; readonly maxBytes: number },
): Promise<LastRecords> => {
  let newest = noRecords;
  const callIds = new Set<string>();
  for (const file of files.toReversed()) {
    const { payloads, records, isWhole } = await tailOf(file, args);
    const payload = payloads.at(-1);
    if (newest.last === 0 && payload !== undefined) {
      newest = { ...noRecords, last: file.first + records - 1, lastSeq: sequenceOf(payload) };
    } else if (newest.last === 0 && !isWhole) {
      // Its name must not be taken: it is kept for the operator.
      return { ...noRecords, last: file.first };
    }
    for (const each of payloads.toReversed()) {
      if (callIds.size < args.count) callIds.add(callIdOf(each));
    }
    if (callIds.size >= args.count) break;
  }
  return { ...newest, callIds };
};

const sequenceOf = (payload: Buffer): number =>
  attributesOf(spansOf(payload)[0] ?? new Uint8Array()).find(({ key }) => key === plumbline.gatewaySeq)?.count ?? 0;

interface Tail {
  readonly payloads: readonly Buffer[];
  /** Whole records in the file. */
  readonly records: number;
  /** Whether the file is not damaged; one that was not written to its end is not. */
  readonly isWhole: boolean;
}

const tailOf = async (
  file: SegmentFile,
  { count, maxBytes }: { readonly count: number; readonly maxBytes: number },
): Promise<Tail> => {
  const reader = new SegmentReader(file.path);
  let payloads: readonly Buffer[] = [];
  let records = 0;
  try {
    for (;;) {
      const read = await reader.read((await stat(file.path)).size, maxBytes);
      if (read.verdict !== "ok") {
        return { payloads, records, isWhole: read.verdict !== "corrupt" };
      }
      records += read.payloads.length;
      payloads = [...payloads, ...read.payloads].slice(-count);
    }
  } finally {
    await reader.close();
  }
};

/** The first span of a record is that of the call. */
const callIdOf = (payload: Buffer): string => {
  const id = bytesField(spansOf(payload)[0] ?? new Uint8Array(), spanIdField);
  return id === null ? "" : Buffer.from(id).toString("hex");
};
