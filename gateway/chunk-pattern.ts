import type { Cut, PatternParts } from "./chunk-facts.ts";
import { cutOf, partsOf, plainAscii, plainChunk } from "./chunk-facts.ts";
import { isUsable } from "./known-shapes.ts";
import type { AlikeEvents } from "./stream-events.ts";

/** A chunk that was read in full, and what became of it. */
export interface ReadChunk {
  readonly event: Buffer;
  readonly parsed: unknown;
  /** What the caller gets of the event; null when that is nothing. */
  readonly given: Buffer | null;
}

/** An event around its strings, a character a byte, and what of it the caller gets. */
interface Pattern extends PatternParts {
  readonly givenMiddle: string;
  readonly givenTail: string;
  readonly isCut: boolean;
}

/** The strings of an event that fits, a character a byte. */
interface Fit {
  readonly content: string;
  readonly padding: string;
  /** Offset after the event. */
  readonly end: number;
}

/** Patterns that fitted no chunk, after which none is made any more: some providers number or time every chunk. */
const maxUseless = 2;

/** Bytes that are looked at in one go: what does not fit is then looked at again, but never all of a large read. */
const maxRunBytes = 16_384;

/** What stands for itself in a JSON string: no quote, no escape, no control character. */
const plainText = /^[ !#-[\]-\uffff]*$/;

/**
 * Recognises chunks that repeat the one before but for their text, as nearly all chunks of a stream do, so that they need not
 * be cut out and parsed one by one. It tells of them what parsing would tell: a pattern is made of a chunk that was parsed, is
 * tried on a text of its own, and holds until the first chunk that it does not fit.
 */
export class ChunkPattern {
  #last: ReadChunk | null = null;
  #pattern: Pattern | null = null;
  #hasFitted = false;
  #useless = 0;

  /** The events that fit, one after the other from an offset on, whose texts are told as one; null when the first does not. */
  match(chunk: Buffer, start: number, onText: (text: string) => void): AlikeEvents | null {
    if (this.#last !== null) this.#learn(this.#last);
    const pattern = this.#pattern;
    if (pattern === null) {
      return null;
    }
    const bytes = chunk.toString("latin1", start, Math.min(chunk.length, start + maxRunBytes));
    const run = plainRun(pattern, bytes) ?? anyRun(pattern, bytes);
    if (run === null) {
      return null;
    }
    onText(run.text);
    this.#hasFitted = true;
    const end = start + run.end;
    return { end, bytes: pattern.isCut ? Buffer.from(run.given, "latin1") : chunk.subarray(start, end) };
  }

  /**
   * Takes in a chunk that was read in full: what was known is forgotten, and the chunk may be the pattern of the next. It is looked
   * into when that comes, and the event's bytes may not change before.
   */
  learn(chunk: ReadChunk): void {
    this.#last = chunk;
  }

  #learn({ event, parsed, given }: ReadChunk): void {
    this.#last = null;
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
    if (parts !== null && (cut !== null || given.length === event.length) && isUsable(event, parts, chunk)) {
      this.#pattern = patternOf(event, parts, cut);
    }
  }
}

/** The pattern in bytes; null where its head is no UTF-8, and stands for others than its own bytes. */
const patternOf = (event: Buffer, parts: PatternParts, cut: Cut | null): Pattern | null => {
  const head = Buffer.from(parts.head);
  if (!event.subarray(0, head.length).equals(head)) {
    return null;
  }
  const { middle, tail } = parts;
  const before = cut?.isBeforePadding === true ? cut : null;
  return {
    head: head.toString("latin1"),
    middle,
    tail,
    givenMiddle: without(middle ?? "", before, tail.length),
    givenTail: before === null ? without(tail, cut, 0) : tail,
    isCut: cut !== null,
  };
};

/** A part of an event without what the caller does not get; so many bytes of the event come after the part. */
const without = (part: string, cut: Cut | null, after: number): string => {
  if (cut === null) {
    return part;
  }
  const end = part.length - (cut.after - after);
  return part.slice(0, end - cut.length) + part.slice(end);
};

/** Events that fit, one after the other. */
interface Run {
  /** Their texts, as one. */
  readonly text: string;
  /** What the caller gets of them, a character a byte, where that is not what came. */
  readonly given: string;
  /** Offset after the last of them. */
  readonly end: number;
}

/**
 * The events at the start of some bytes, where each has text, no padding, and nothing in its text that is written otherwise in
 * JSON: they then stand between the same bytes, and need not be looked for one by one. Null where it is not so.
 */
const plainRun = ({ head, middle, tail, givenTail, isCut }: Pattern, bytes: string): Run | null => {
  if (middle !== null || !bytes.startsWith(head)) {
    return null;
  }
  const contents = bytes.slice(head.length).split(tail + head);
  const last = contents.pop() ?? "";
  const close = last.indexOf(tail);
  if (close !== -1) contents.push(last.slice(0, close));
  const text = contents.join("");
  if (text === "" || contents.includes("") || !plainAscii.test(text)) {
    return null;
  }
  const end = text.length + contents.length * (head.length + tail.length);
  return { text, given: isCut ? rejoined(contents, head, givenTail) : "", end };
};

/** The contents between head and tail each. One join makes a flat text, which need not be copied to be written. */
const rejoined = (contents: string[], head: string, tail: string): string => {
  contents[0] = head + (contents[0] ?? "");
  contents.push(`${contents.pop() ?? ""}${tail}`);
  return contents.join(tail + head);
};

/** The events at the start of some bytes, each looked for by itself, up to one whose content is no text; null for none. */
const anyRun = (pattern: Pattern, bytes: string): Run | null => {
  const { head, givenMiddle, givenTail } = pattern;
  let [text, given, end] = ["", "", 0];
  for (let fit = fitAt(pattern, bytes, 0); fit !== null; fit = fitAt(pattern, bytes, end)) {
    const added = textOf(fit.content);
    if (added === "") break;
    text += added;
    given += head + fit.content + givenMiddle + fit.padding + givenTail;
    end = fit.end;
  }
  return end === 0 ? null : { text, given, end };
};

const fitAt = ({ head, middle, tail }: Pattern, bytes: string, start: number): Fit | null => {
  if (!bytes.startsWith(head, start)) {
    return null;
  }
  const from = start + head.length;
  const close = bytes.indexOf(tail, from);
  const end = middle === null ? close : bytes.indexOf(middle, from);
  if (close === -1 || end === -1 || end > close - (middle?.length ?? 0)) {
    return null;
  }
  const padding = middle === null ? "" : bytes.slice(end + middle.length, close);
  return plainAscii.test(padding) ? { content: bytes.slice(from, end), padding, end: close + tail.length } : null;
};

/** The text that stands between the quotes of a JSON string, given a character a byte; empty when it is none. */
const textOf = (content: string): string => {
  if (plainAscii.test(content)) {
    return content;
  }
  const inner = Buffer.from(content, "latin1").toString();
  if (plainText.test(inner)) {
    return inner;
  }
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return "";
  }
};
