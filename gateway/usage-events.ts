import { isRecord } from "./is-record.ts";
import { removeMembers } from "./json-members.ts";
import type { SseData } from "./sse-data.ts";

/**
 * An event as the caller would have got it without token counts being asked for: null when it exists only to carry them.
 * The event's bytes are the same but for a null `usage` member of its outermost object.
 */
export const withoutUsage = (event: Buffer, data: SseData, parsed: unknown): Buffer | null => {
  if (!isRecord(parsed) || parsed["usage"] === undefined) {
    return event;
  }
  const { usage, choices } = parsed;
  if (usage !== null) {
    return Array.isArray(choices) && choices.length === 0 ? null : event;
  }
  if (data.range === null) {
    return event;
  }
  const { start, end } = data.range;
  const cut = usualPlace(event, start, end);
  if (cut !== null) {
    return withoutRange(event, cut.start, cut.end);
  }
  const json = event.subarray(start, end);
  const stripped = removeMembers(json, ({ name, valueStart }) => name === "usage" && json[valueStart] === lowerN);
  return Buffer.concat([event.subarray(0, start), stripped, event.subarray(end)]);
};

/** First byte of `null`; no other JSON value starts with it. */
const lowerN = 0x6e;
const quote = 0x22;
const backslash = 0x5c;
const open: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const close: ReadonlySet<number> = new Set([0x7d, 0x5d]);
const usualText = Buffer.from(',"usage":null');
const memberName = Buffer.from('"usage"');

/**
 * Where the member stands as providers write it: once, after a comma, near the end of the outermost object. Null when it
 * does not, and the whole text must be scanned. A quote after a comma opens a string here: if it closed one, the letter
 * after it would be no JSON. Depth is told from the end, where there is less to read.
 */
const usualPlace = (
  event: Buffer,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } | null => {
  const at = event.lastIndexOf(usualText, end - usualText.length);
  if (at < start || event.indexOf(memberName, start) !== at + 1) {
    return null;
  }
  return closings(event, at + usualText.length, end) === 1 ? { start: at, end: at + usualText.length } : null;
};

/** How many more objects and arrays are closed than opened in a part of a JSON text that starts outside of a string. */
const closings = (json: Buffer, start: number, end: number): number => {
  let count = 0;
  let isInString = false;
  for (let at = start; at < end; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === quote) {
      isInString = !isInString;
    } else if (byte === backslash) {
      at += 1;
    } else if (!isInString) {
      count += Number(close.has(byte)) - Number(open.has(byte));
    }
  }
  return count;
};

const withoutRange = (bytes: Buffer, start: number, end: number): Buffer => {
  const rest = Buffer.allocUnsafe(bytes.length - (end - start));
  bytes.copy(rest, 0, 0, start);
  bytes.copy(rest, start, end);
  return rest;
};
