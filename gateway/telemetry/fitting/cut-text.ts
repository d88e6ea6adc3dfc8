/** A text and how much of it was left out. */
export interface CutText {
  readonly text: string;
  /** Bytes of UTF-8 that were left out; 0 when the text is whole. */
  readonly cutBytes: number;
}

/** Bytes that a text takes inside a JSON string, without the quotes. */
export const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/**
 * Cuts a text in its middle so that it takes at most `maxBytes` inside a JSON string: head and tail are kept, and between
 * them stands how many bytes were left out. Where `maxBytes` has no room for that, nothing is kept.
 */
export const cutText = (text: string, maxBytes: number): CutText => {
  if (jsonBytes(text) <= maxBytes) {
    return { text, cutBytes: 0 };
  }
  const wholeBytes = Buffer.byteLength(text);
  const room = maxBytes - markOf(wholeBytes).length;
  if (room < 0) {
    return { text: "", cutBytes: wholeBytes };
  }
  const headEnd = headWithin(text, Math.ceil(room / 2));
  const tailStart = tailWithin(text, Math.floor(room / 2), headEnd);
  const cutBytes = Buffer.byteLength(text.slice(headEnd, tailStart));
  return { text: `${text.slice(0, headEnd)}${markOf(cutBytes)}${text.slice(tailStart)}`, cutBytes };
};

const markOf = (bytes: number): string => `[CUT ${bytes} bytes]`;

/** Where the longest beginning ends that takes at most `maxBytes`. */
const headWithin = (text: string, maxBytes: number): number => {
  let end = 0;
  for (let bytes = 0; end < text.length; ) {
    const length = isPair(text, end) ? 2 : 1;
    bytes += costAt(text, end, length);
    if (bytes > maxBytes) {
      break;
    }
    end += length;
  }
  return end;
};

/** Where the longest end begins that takes at most `maxBytes` and does not reach before `from`. */
const tailWithin = (text: string, maxBytes: number, from: number): number => {
  let start = text.length;
  for (let bytes = 0; start > from; ) {
    const length = start - from > 1 && isPair(text, start - 2) ? 2 : 1;
    bytes += costAt(text, start - length, length);
    if (bytes > maxBytes) {
      break;
    }
    start -= length;
  }
  return start;
};

const isPair = (text: string, at: number): boolean =>
  isBetween(text.charCodeAt(at), 0xd800, 0xdbff) && isBetween(text.charCodeAt(at + 1), 0xdc00, 0xdfff);

const isBetween = (value: number, first: number, last: number): boolean => value >= first && value <= last;

/** Bytes of the character at a place inside a JSON string; plain ASCII, most of any text, needs no encoding. */
const costAt = (text: string, at: number, length: number): number => {
  const code = text.charCodeAt(at);
  const isPlain = code >= 0x20 && code < 0x80 && code !== 0x22 && code !== 0x5c;
  return isPlain ? 1 : jsonBytes(text.slice(at, at + length));
};
