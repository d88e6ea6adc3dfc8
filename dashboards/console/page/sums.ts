import type { Unit } from "../../panel.ts";
import { toInteger, toNumber } from "./numbers.ts";

/** The sum of the cells that hold a value, without loss where all are integers; null when none does. */
export const sumCells = (cells: readonly unknown[]): string | number | null => {
  const known = cells.filter((cell) => toNumber(cell) !== null);
  if (known.length === 0) return null;
  const integers = known.map(toInteger);
  if (integers.every((integer) => integer !== null))
    return integers.reduce((sum, integer) => sum + integer, 0n).toString();
  return known.reduce<number>((sum, cell) => sum + (toNumber(cell) ?? 0), 0);
};

/** Whether values of this unit may be added up. */
export const isAdditive = (unit: Unit): boolean => unit === "calls" || unit === "tokens" || unit === "nanodollars";
