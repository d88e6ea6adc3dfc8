import type { Cell, Row } from "./rows.ts";

/** Rows as `JSONCompactEachRow`, a line each. */
export const rowsText = (rows: readonly Row[]): string => {
  const text = rows.map((row) => JSON.stringify(row)).join("\n");
  // JSON.stringify escapes nothing but lone surrogates this way, and the engine refuses those.
  return /\\ud[89a-f]/.test(text) ? rows.map((row) => JSON.stringify(wellFormed(row))).join("\n") : text;
};

/** The same with U+FFFD in the place of every half of a surrogate pair that stands alone. */
const wellFormed = (cell: Cell): Cell => {
  if (typeof cell === "string") {
    return cell.toWellFormed();
  }
  if (typeof cell !== "object" || cell === null) {
    return cell;
  }
  return isList(cell)
    ? cell.map(wellFormed)
    : Object.fromEntries(Object.entries(cell).map(([key, value]) => [key.toWellFormed(), wellFormedValue(value)]));
};

const wellFormedValue = (value: string | number): string | number =>
  typeof value === "string" ? value.toWellFormed() : value;

const isList = (cell: readonly Cell[] | Readonly<Record<string, string | number>>): cell is readonly Cell[] =>
  Array.isArray(cell);
