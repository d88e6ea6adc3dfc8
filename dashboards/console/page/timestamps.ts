/**
 * A time cell as milliseconds since the Unix epoch; null when it holds none. ClickHouse writes `2026-01-31 12:00:00`
 * in UTC, with or without a fraction; numbers are seconds or, from 10^11 on, milliseconds.
 */
export const toTimeMs = (cell: unknown): number | null => {
  if (typeof cell === "string" && /^\d{4}-\d\d-\d\d[ T]/.test(cell)) {
    const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(cell) ? cell : `${cell}Z`;
    const ms = Date.parse(zoned.replace(" ", "T"));
    return Number.isNaN(ms) ? null : ms;
  }
  const number = typeof cell === "string" && cell.trim() !== "" ? Number(cell) : cell;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  return Math.abs(number) < 1e11 ? number * 1000 : number;
};

const partsOf = (ms: number, timeZone: string | undefined): Readonly<Record<string, string>> => {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
};

/** A point in time to the second, in the reader's time zone unless one is given: `21 Nov 2026, 14:03:22`. */
export const formatTimestamp = (ms: number, timeZone?: string): string => {
  const { day, month, year, hour, minute, second } = partsOf(ms, timeZone);
  return `${day} ${month} ${year}, ${hour}:${minute}:${second}`;
};

/** A tick of a time axis: the time of day, or the day where it begins. */
export const formatTick = (ms: number, timeZone?: string): string => {
  const { day, month, hour, minute } = partsOf(ms, timeZone);
  return hour === "00" && minute === "00" ? `${day} ${month}` : `${hour}:${minute}`;
};

/** A bucket of a chart, from its start to its end: `21 Nov, 14:00 – 14:15`. */
export const formatBucket = (startMs: number, stepSeconds: number, timeZone?: string): string => {
  const start = partsOf(startMs, timeZone);
  const end = partsOf(startMs + stepSeconds * 1000, timeZone);
  return `${start["day"]} ${start["month"]}, ${start["hour"]}:${start["minute"]} – ${end["hour"]}:${end["minute"]}`;
};
