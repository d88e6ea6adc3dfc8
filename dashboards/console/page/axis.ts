import type { Unit } from "../../panel.ts";
import { formatDuration } from "./durations.ts";
import { formatSi, toNumber } from "./numbers.ts";

/** What a chart plots for a cell: nano-dollars in dollars, everything else in its own unit; null for a gap. */
export const toPlotted = (cell: unknown, unit: Unit): number | null => {
  const number = toNumber(cell);
  return number !== null && unit === "nanodollars" ? number / 1e9 : number;
};

/** Decimals that tell two ticks apart when they are `increment` apart, at most 9. */
const decimalsFor = (increment: number): number =>
  increment > 0 ? Math.min(9, Math.max(0, Math.ceil(-Math.log10(increment) - 1e-9))) : 0;

/** The text of a tick on a value axis; `increment` is the distance between two ticks. */
export const formatAxis = (value: number, unit: Unit, increment: number): string => {
  if (unit === "nanodollars") return value === 0 ? "$0" : `$${value.toFixed(decimalsFor(increment))}`;
  if (unit === "ratio") return `${(value * 100).toFixed(decimalsFor(increment * 100))}%`;
  if (value === 0) return "0";
  if (unit === "milliseconds") return formatDuration(value);
  if (unit === "seconds") return formatDuration(value * 1000);
  return formatSi(value)
    .replace(/\.0+(?= )/, "")
    .replace(/(\.\d*?)0+(?= )/, "$1");
};
