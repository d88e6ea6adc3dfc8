/** The end of what a `DateTime` column can hold: 2106-02-07. */
const lastNs = 4_294_967_295_999_999_999n;
const lastInt64 = 9_223_372_036_854_775_807n;
const nsPerMinute = 60_000_000_000n;

/**
 * Nanoseconds since the Unix epoch as seconds with nine decimals, which `DateTime64(9)` reads without loss; it wants ten
 * digits of seconds. A time before 1970 or after 2106 becomes the nearest one between: a batch must not fail for it.
 */
export const timeCell = (ns: bigint): string => {
  const digits = String(inRange(ns)).padStart(19, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
};

/** Milliseconds since the Unix epoch as `DateTime64(3)` reads them, within the same limits. */
export const msCell = (ms: number): string => timeCell(BigInt(Math.round(ms)) * 1_000_000n).slice(0, -6);

/** Start of the minute of a time, in seconds since the Unix epoch, within the same limits. */
export const minuteCell = (ns: bigint): number => Number(inRange(ns) / nsPerMinute) * 60;

/** A count for a `Nullable(UInt64)` column: null unless it is a whole number of 0 or more. */
export const countCell = (count: number | null): number | null =>
  count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null;

/** A whole number for a `UInt16` column; what does not fit becomes the nearest number that does. */
export const smallCell = (count: number): number => Math.min(65_535, Math.max(0, Math.trunc(count) || 0));

/** The same for a `Nullable(UInt16)` column, where what does not fit is not known. */
export const smallOrNullCell = (count: number | null): number | null =>
  count !== null && Number.isInteger(count) && count >= 0 && count <= 65_535 ? count : null;

/** Nano-dollars as decimal text, so that no digit is lost; null when not known or too large for 64 bits. */
export const nanosCell = (nanos: bigint | null): string | null =>
  nanos !== null && nanos <= lastInt64 && nanos >= -lastInt64 ? String(nanos) : null;

/** Milliseconds that must be there; 0 when they are no finite number. */
export const durationCell = (ms: number): number => (Number.isFinite(ms) ? ms : 0);

const inRange = (ns: bigint): bigint => {
  if (ns < 0n) {
    return 0n;
  }
  return ns > lastNs ? lastNs : ns;
};
