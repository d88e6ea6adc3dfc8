import { isRecord } from "./is-record.ts";

/** The parts of a chunk that may change from one chunk to the next of the same pattern. */
export interface PlainChunk {
  readonly parsed: Readonly<Record<string, unknown>>;
  readonly choice: Readonly<Record<string, unknown>>;
  readonly delta: Readonly<Record<string, unknown>>;
  readonly content: string;
  /** Characters by which a provider hides how long the text is; null where there are none. */
  readonly padding: string | null;
}

/** An event as text, around its strings that change. All of it but the head is ASCII. */
export interface PatternParts {
  readonly head: string;
  /** Between content and padding; null without padding. */
  readonly middle: string | null;
  readonly tail: string;
}

/** Bytes of an event that the caller does not get. */
export interface Cut {
  readonly length: number;
  /** Bytes after it, without those of a padding that stands there. */
  readonly after: number;
  readonly isBeforePadding: boolean;
}

const paddingName = "obfuscation";
const probe = "probe 1";

/** ASCII that stands for itself in a JSON string. */
export const plainAscii = /^[ !#-[\]-~]*$/;

/** A chunk that has some text of its only choice, and nothing else that changes what is known of the answer; null for any other. */
export const plainChunk = (parsed: unknown): PlainChunk | null => {
  const choices = isRecord(parsed) ? parsed["choices"] : null;
  const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null;
  const delta = isRecord(choice) ? choice["delta"] : null;
  if (!isRecord(parsed) || !isRecord(choice) || !isRecord(delta)) {
    return null;
  }
  const { content } = delta;
  const padding = parsed[paddingName] ?? null;
  const isPlain =
    typeof content === "string" &&
    content !== "" &&
    (padding === null || typeof padding === "string") &&
    (parsed["usage"] ?? null) === null &&
    (parsed["error"] ?? null) === null &&
    (choice["finish_reason"] ?? null) === null &&
    (choice["index"] ?? 0) === 0 &&
    Object.entries(delta).every(([name, value]) => name === "content" || name === "role" || value === null);
  return isPlain ? { parsed, choice, delta, content, padding } : null;
};

/** The event around content and padding; null when they cannot be told from the rest, or the padding comes first. */
export const partsOf = (event: string, { content, padding }: PlainChunk): PatternParts | null => {
  const text = placeOf(event, "content", content);
  const pad = padding === null ? null : placeOf(event, paddingName, padding);
  if (text === null || (padding !== null && (pad === null || pad.start < text.end))) {
    return null;
  }
  const head = event.slice(0, text.start);
  const middle = pad === null ? null : event.slice(text.end, pad.start);
  const tail = event.slice((pad ?? text).end);
  return plainAscii.test(padding ?? "") && isAscii((middle ?? "") + tail) ? { head, middle, tail } : null;
};

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** Where the string stands that a member has, without its quotes; null when the member is not written as providers write it. */
const placeOf = (
  event: string,
  name: string,
  value: string,
): { readonly start: number; readonly end: number } | null => {
  const written = JSON.stringify(value).slice(1, -1);
  for (const colon of [":", ": "]) {
    const before = `"${name}"${colon}"`;
    const at = event.indexOf(`${before}${written}"`);
    if (at !== -1) {
      return { start: at + before.length, end: at + before.length + written.length };
    }
  }
  return null;
};

/** What of the event was not given; null when that is not one run of bytes apart from head and padding. */
export const cutOf = (args: {
  readonly event: Buffer;
  readonly given: Buffer;
  readonly parts: PatternParts;
  readonly chunk: PlainChunk;
}): Cut | null => {
  const { event, given, parts, chunk } = args;
  const length = event.length - given.length;
  let after = 0;
  while (after < given.length && event[event.length - 1 - after] === given[given.length - 1 - after]) {
    after += 1;
  }
  const isOne = event.subarray(0, event.length - after - length).equals(given.subarray(0, given.length - after));
  if (!isOne) {
    return null;
  }
  if (after + length <= parts.tail.length) {
    return { length, after, isBeforePadding: false };
  }
  const padding = chunk.padding?.length ?? 0;
  const middle = parts.middle?.length ?? 0;
  const isInMiddle = after >= parts.tail.length + padding && after + length <= parts.tail.length + padding + middle;
  return isInMiddle ? { length, after: after - padding, isBeforePadding: true } : null;
};

/** Whether the event with another text in its place is the same chunk with that text: what looks like the content is the content. */
export const isSound = (
  { head, middle, tail }: PatternParts,
  { parsed, choice, delta, padding }: PlainChunk,
): boolean => {
  const event = head + probe + (middle === null ? "" : middle + probe) + tail;
  const probed = {
    ...parsed,
    choices: [{ ...choice, delta: { ...delta, content: probe } }],
    ...(padding === null ? {} : { [paddingName]: probe }),
  };
  try {
    return (
      JSON.stringify(JSON.parse(event.slice(event.indexOf("{"), event.lastIndexOf("}") + 1))) === JSON.stringify(probed)
    );
  } catch {
    return false;
  }
};
