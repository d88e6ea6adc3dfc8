/** The end of what a `DateTime` column can hold: 2106-02-07. */
const lastNs = 4_294_967_295_999_999_999n;
const lastInt64 = 9_223_372_036_854_775_807n;
const nsPerSecond = 1_000_000_000n;
const lastMs = Number(lastNs / 1_000_000n);

/**
 * Nanoseconds since the Unix epoch for a `DateTime64(9)` column. A time before 1970 or after 2106 becomes the nearest one
 * between: a batch must not fail for it.
 */
export const timeCell = (ns: bigint): bigint => {
  if (ns < 0n) {
    return 0n;
  }
  return ns > lastNs ? lastNs : ns;
};

/** Milliseconds since the Unix epoch for a `DateTime64(3)` column, within the same limits. */
export const msCell = (ms: number): number => Math.min(lastMs, Math.max(0, Math.round(ms)));

/** The same as text that a `DateTime64(3)` parameter is bound from: ten digits of seconds and three decimals. */
export const msText = (ms: number): string => {
  const digits = String(msCell(ms)).padStart(13, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
};

/** Start of the minute of a time, in seconds since the Unix epoch, within the same limits. */
export const minuteCell = (ns: bigint): number => Math.floor(Number(timeCell(ns) / nsPerSecond) / 60) * 60;

/** A count for a `Nullable(UInt64)` column: null unless it is a whole number of 0 or more. */
export const countCell = (count: number | null): number | null =>
  count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null;

/** A whole number for a `UInt16` column; what does not fit becomes the nearest number that does. */
export const smallCell = (count: number): number => Math.min(65_535, Math.max(0, Math.trunc(count) || 0));

/** The same for a `Nullable(UInt16)` column, where what does not fit is not known. */
export const smallOrNullCell = (count: number | null): number | null =>
  count !== null && Number.isInteger(count) && count >= 0 && count <= 65_535 ? count : null;

/** Nano-dollars; null when not known or too large for 64 bits. */
export const nanosCell = (nanos: bigint | null): bigint | null =>
  nanos !== null && nanos <= lastInt64 && nanos >= -lastInt64 ? nanos : null;

/** Milliseconds that must be there; 0 when they are no finite number. */
export const durationCell = (ms: number): number => (Number.isFinite(ms) ? ms : 0);
