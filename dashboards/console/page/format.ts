import type { Unit } from "../../panel.ts";
import { dollarsOf } from "./dollars.ts";
import { formatDuration } from "./durations.ts";
import { formatRatio, formatSi, groupDigits, toInteger, toNumber } from "./numbers.ts";
import { formatTimestamp, toTimeMs } from "./timestamps.ts";

/** What is shown where a value is not known. */
const unknownValue = "–";

const formatCount = (cell: unknown): string | null => {
  const integer = toInteger(cell);
  if (integer !== null) return groupDigits(integer.toString());
  const number = toNumber(cell);
  return number === null ? null : formatSi(number);
};

const formatTokens = (cell: unknown): string | null => {
  const number = toNumber(cell);
  return number === null ? null : formatSi(number);
};

const formatOrNull = (cell: unknown, format: (value: number) => string): string | null => {
  const number = toNumber(cell);
  return number === null ? null : format(number);
};

const formatTime = (cell: unknown): string | null => {
  const ms = toTimeMs(cell);
  return ms === null ? null : formatTimestamp(ms);
};

const formatKnown = (cell: unknown, unit: Unit): string | null => {
  switch (unit) {
    case "calls":
    case "gateways":
    case "count":
      return formatCount(cell);
    case "tokens":
      return formatTokens(cell);
    case "nanodollars":
      return dollarsOf(cell);
    case "milliseconds":
      return formatOrNull(cell, formatDuration);
    case "seconds":
      return formatOrNull(cell, (seconds) => formatDuration(seconds * 1000));
    case "ratio":
      return formatOrNull(cell, formatRatio);
    case "nats":
      return formatOrNull(cell, (nats) => nats.toFixed(1));
    case "score":
      return formatOrNull(cell, (score) => String(Number(score.toPrecision(3))));
    case "timestamp":
      return formatTime(cell);
    case "none":
      return cell === null || cell === undefined ? null : String(cell);
  }
};

/** A cell of an answer with its unit, as a person reads it; a dash where the value is not known. */
export const formatValue = (cell: unknown, unit: Unit): string => formatKnown(cell, unit) ?? unknownValue;

/** A cell with all its digits, for the title of an element that shows fewer. */
export const formatExact = (cell: unknown, unit: Unit): string => {
  if (unit !== "tokens") return formatValue(cell, unit);
  const count = formatCount(cell);
  return count === null ? unknownValue : `${count} tokens`;
};
