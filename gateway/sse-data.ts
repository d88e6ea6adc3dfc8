/** The data of one server-sent event. */
export interface SseData {
  /** The data lines, joined by line feeds. */
  readonly text: string;
  /** Where the data stands in the event's bytes; null when it is spread over several lines. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;
const field = Buffer.from("data");
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The data of an event; null when it has none, as a comment or a heartbeat. */
export const readSseData = (event: Buffer): SseData | null => {
  return onlyData(event) ?? anyData(event);
};

const prefix = Buffer.from("data: ");
const blankLine = 2;

/** The data of an event that is one line of data and nothing else, as nearly all are; null for any other. */
const onlyData = (event: Buffer): SseData | null => {
  const end = event.length - blankLine;
  if (end < prefix.length || event[end] !== lineFeed || event.indexOf(lineFeed) !== end) {
    return null;
  }
  const isPlain = startsWith(event, 0, prefix) && !event.includes(carriageReturn);
  return isPlain ? { text: event.toString("utf8", prefix.length, end), range: { start: prefix.length, end } } : null;
};

const anyData = (event: Buffer): SseData | null => {
  const lines: { start: number; end: number }[] = [];
  const hasReturns = event.includes(carriageReturn);
  let at = startsWith(event, 0, byteOrderMark) ? byteOrderMark.length : 0;
  while (at < event.length) {
    const end = hasReturns ? lineEnd(event, at) : lineFeedFrom(event, at);
    const value = valueStart(event, at, end);
    if (value !== -1) {
      lines.push({ start: value, end });
    }
    at = end + 1;
  }
  const [first] = lines;
  if (first === undefined) {
    return null;
  }
  return lines.length === 1
    ? { text: event.toString("utf8", first.start, first.end), range: first }
    : { text: lines.map(({ start, end }) => event.toString("utf8", start, end)).join("\n"), range: null };
};

/** Offset of the next line feed, or the end: the search of the platform is quicker than a loop of ours. */
const lineFeedFrom = (event: Buffer, from: number): number => {
  const at = event.indexOf(lineFeed, from);
  return at === -1 ? event.length : at;
};

/** Offset of the byte that ends the line; a return and line feed pair counts as two ends with an empty line between. */
const lineEnd = (event: Buffer, from: number): number => {
  let at = from;
  while (at < event.length && event[at] !== lineFeed && event[at] !== carriageReturn) {
    at += 1;
  }
  return at;
};

/** Offset of the value of a data line; -1 for every other line. */
const valueStart = (event: Buffer, start: number, end: number): number => {
  const afterName = start + field.length;
  if (afterName > end || !startsWith(event, start, field)) {
    return -1;
  }
  if (afterName === end) {
    return end;
  }
  if (event[afterName] !== colon) {
    return -1;
  }
  return event[afterName + 1] === space && afterName + 1 < end ? afterName + 2 : afterName + 1;
};

const startsWith = (bytes: Buffer, at: number, prefix: Buffer): boolean => {
  for (let index = 0; index < prefix.length; index += 1) {
    if (bytes[at + index] !== prefix[index]) {
      return false;
    }
  }
  return true;
};
