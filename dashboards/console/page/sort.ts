import type { Row } from "./frame.ts";
import { toInteger, toNumber } from "./numbers.ts";

/** What a table is sorted by. */
export interface Sorting {
  readonly column: string;
  readonly direction: "ascending" | "descending";
}

const compareCells = (a: unknown, b: unknown): number => {
  const [bigA, bigB] = [toInteger(a), toInteger(b)];
  if (bigA !== null && bigB !== null) return bigA < bigB ? -1 : Number(bigA > bigB);
  const [numberA, numberB] = [toNumber(a), toNumber(b)];
  if (numberA !== null && numberB !== null) return numberA - numberB;
  return String(a).localeCompare(String(b), "en");
};

const isKnown = (cell: unknown): boolean => cell !== null && cell !== undefined;

/** The rows in order; rows in which the value is not known come last in either direction. */
export const sortRows = (rows: readonly Row[], sorting: Sorting): readonly Row[] => {
  const { column, direction } = sorting;
  const sign = direction === "ascending" ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [knownA, knownB] = [isKnown(a[column]), isKnown(b[column])];
    if (knownA !== knownB) return knownA ? -1 : 1;
    return knownA ? sign * compareCells(a[column], b[column]) : 0;
  });
};

/** What a click on a column's heading leads to: numbers begin with the largest, names with A, and then it turns over. */
export const nextSorting = (current: Sorting, column: string, isNumeric: boolean): Sorting => {
  if (current.column !== column) return { column, direction: isNumeric ? "descending" : "ascending" };
  return { column, direction: current.direction === "ascending" ? "descending" : "ascending" };
};
