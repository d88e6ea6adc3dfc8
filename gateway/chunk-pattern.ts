import type { Cut, PatternParts } from "./chunk-facts.ts";
import { cutOf, isSound, partsOf, plainAscii, plainChunk } from "./chunk-facts.ts";

/** A chunk that repeats the one before but for its text. */
export interface AlikeChunk {
  readonly text: string;
  /** What the caller gets of the event. */
  readonly bytes: Buffer;
}

/** A chunk that was read in full, and what became of it. */
export interface ReadChunk {
  readonly event: Buffer;
  readonly parsed: unknown;
  /** What the caller gets of the event; null when that is nothing. */
  readonly given: Buffer | null;
}

interface Pattern extends PatternParts {
  readonly cut: Cut | null;
}

/** Patterns that fitted no chunk, after which none is made any more: some providers number or time every chunk. */
const maxUseless = 2;

/** What stands for itself in a JSON string: no quote, no escape, no control character. */
const plainText = /^[ !#-[\]-\uffff]*$/;

/**
 * Recognises chunks that repeat the one before but for their text, as nearly all chunks of a stream do, so that they need not
 * be parsed. It tells of a chunk what parsing it would tell: a pattern is made of a chunk that was parsed, is tried on a text
 * of its own, and holds until the first chunk that it does not fit.
 */
export class ChunkPattern {
  #pattern: Pattern | null = null;
  #hasFitted = false;
  #useless = 0;

  /** Text and bytes of an event that fits; null for every other. */
  match(event: Buffer): AlikeChunk | null {
    const pattern = this.#pattern;
    if (pattern === null) {
      return null;
    }
    const whole = event.toString();
    const { head, middle, tail, cut } = pattern;
    const innerLength = whole.length - head.length - tail.length;
    if (innerLength <= 0 || !whole.startsWith(head) || !whole.endsWith(tail)) {
      return null;
    }
    const inner = whole.slice(head.length, head.length + innerLength);
    const end = middle === null ? innerLength : inner.indexOf(middle);
    const padding = middle === null ? "" : inner.slice(end + middle.length);
    const text = end <= 0 || !plainAscii.test(padding) ? "" : stringOf(inner.slice(0, end));
    if (text === "") {
      return null;
    }
    this.#hasFitted = true;
    return { text, bytes: cut === null ? event : without(event, cut, padding.length) };
  }

  /** Takes in a chunk that was read in full: what was known is forgotten, and the chunk may be the pattern of the next. */
  learn({ event, parsed, given }: ReadChunk): void {
    if (this.#pattern !== null) {
      this.#useless = this.#hasFitted ? 0 : this.#useless + 1;
      this.#pattern = null;
      this.#hasFitted = false;
    }
    const chunk = this.#useless < maxUseless && given !== null ? plainChunk(parsed) : null;
    if (chunk === null || given === null) {
      return;
    }
    const parts = partsOf(event.toString(), chunk);
    const cut = parts === null || given.length === event.length ? null : cutOf({ event, given, parts, chunk });
    if (parts !== null && (cut !== null || given.length === event.length) && isSound(parts, chunk)) {
      this.#pattern = { ...parts, cut };
    }
  }
}

/** The text that stands between the quotes of a JSON string; empty when it is none. */
const stringOf = (inner: string): string => {
  if (plainText.test(inner)) {
    return inner;
  }
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return "";
  }
};

const without = (event: Buffer, { after, length, isBeforePadding }: Cut, paddingLength: number): Buffer => {
  const end = event.length - after - (isBeforePadding ? paddingLength : 0);
  const rest = Buffer.allocUnsafe(event.length - length);
  event.copy(rest, 0, 0, end - length);
  event.copy(rest, end - length, end);
  return rest;
};
