import { deadLetterHeaders } from "../core/topics.ts";

/** Where a record was first read, and how often it was tried since. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Tries that failed; 0 for a record that was not tried yet. */
  readonly tries: number;
}

/** What the headers of a record say of its origin: nothing, a place, or something that is none. */
export type NamedOrigin =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly origin: Origin }
  | { readonly kind: "broken"; readonly reason: string };

/** Reads the origin from the headers of a dead letter, or of a record that was sent again. */
export const readOrigin = (headers: Readonly<Record<string, string>>): NamedOrigin => {
  const topic = headers[deadLetterHeaders.topic];
  const partition = headers[deadLetterHeaders.partition];
  const offset = headers[deadLetterHeaders.offset];
  if (topic === undefined && partition === undefined && offset === undefined) {
    return { kind: "none" };
  }
  const place = { partition: wholeOf(partition), offset: wholeOf(offset), tries: wholeOf(headers[tries] ?? "1") };
  if (topic === undefined || place.partition === null || place.offset === null || place.tries === null) {
    return { kind: "broken", reason: "its headers name a part of an origin, or an offset that is no whole number" };
  }
  return {
    kind: "named",
    origin: { topic, partition: place.partition, offset: place.offset, tries: Math.max(place.tries, 1) },
  };
};

const { tries } = deadLetterHeaders;

/** A whole number in plain decimal that a double holds exactly; null for anything else. */
const wholeOf = (text: string | undefined): number | null => {
  const value = text !== undefined && /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
};
