import type { BrowsedRecord, BusRecord } from "../bus/bus.ts";
import { contentTypeHeader, deadLetterHeaders } from "../core/topics.ts";
import type { Origin } from "./read-origin.ts";
import { readOrigin } from "./read-origin.ts";

/** A dead letter without its bytes. Its texts are as they were written, by whoever can write that topic. */
export interface Letter {
  /** Where the letter itself is, as `partition:offset`. */
  readonly id: string;
  /** When it was written, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Empty where the letter names none. */
  readonly code: string;
  /** Empty where the letter names none. */
  readonly reason: string;
  /** Version of Plumbline that wrote it; empty where the letter names none. */
  readonly version: string;
  /** Where the record was first read; null where the letter names no place. */
  readonly origin: Origin | null;
  /** Encoding that the record names; null where it names none. */
  readonly contentType: string | null;
  /** Size of the record, in bytes. */
  readonly bytes: number;
  /** Bytes of it that the letter holds. */
  readonly keptBytes: number;
}

/** A record of the topic of dead letters: a letter, or the mark that the letter of an id was sent again. */
export type DeadLetterRecord =
  | { readonly kind: "letter"; readonly letter: Letter }
  | { readonly kind: "mark"; readonly letterId: string; readonly atMs: number };

/** Reads a record of the topic of dead letters. */
export const readLetter = (record: BrowsedRecord): DeadLetterRecord => {
  const { headers, appendedAtMs: atMs } = record;
  const letterId = headers[deadLetterHeaders.redriven];
  if (letterId !== undefined) {
    return { kind: "mark", letterId, atMs };
  }
  const named = readOrigin(headers);
  const letter = {
    id: letterIdOf(record),
    atMs,
    code: headers[deadLetterHeaders.code] ?? "",
    reason: headers[deadLetterHeaders.reason] ?? "",
    version: headers[deadLetterHeaders.version] ?? "",
    origin: named.kind === "named" ? named.origin : null,
    contentType: headers[contentTypeHeader] ?? null,
    bytes: sizeOf(record),
    keptBytes: record.value.byteLength,
  };
  return { kind: "letter", letter };
};

/** The id of a letter: where it is in the topic of dead letters. */
export const letterIdOf = ({ partition, offset }: Pick<BrowsedRecord, "partition" | "offset">): string =>
  `${partition}:${offset}`;

const sizeOf = ({ headers, value }: BusRecord): number => {
  const size = Number(headers[deadLetterHeaders.size]);
  return Number.isSafeInteger(size) && size > value.byteLength ? size : value.byteLength;
};
