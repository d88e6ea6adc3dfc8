import type { Thresholds } from "../../panel.ts";
import { toNumber } from "./numbers.ts";

/** How a value stands against its bounds; null when there are none, or nothing is known. */
export type Standing = "good" | "warn" | "bad" | null;

/** Compares a cell with its bounds; a value on a bound has crossed it. */
export const standingOf = (cell: unknown, thresholds: Thresholds | null | undefined): Standing => {
  const value = toNumber(cell);
  if (value === null || thresholds == null) return null;
  const sign = thresholds.badWhen === "above" ? 1 : -1;
  if (sign * value >= sign * thresholds.bad) return "bad";
  return sign * value >= sign * thresholds.warn ? "warn" : "good";
};
