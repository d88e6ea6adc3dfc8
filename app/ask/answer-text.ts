import type { QuestionColumn } from "../../store/questions-column.ts";
import type { AnswerRow } from "../../store/store.ts";

/** An answer as a table for people: one line a row, columns aligned, units applied. */
export const answerText = (columns: readonly QuestionColumn[], rows: readonly AnswerRow[]): string => {
  if (rows.length === 0) {
    return "no calls in this range\n";
  }
  const table = [
    columns.map((column) => column.name),
    ...rows.map((row) => columns.map((column) => cellText(column, row))),
  ];
  const widths = columns.map((_, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)));
  return table
    .map((cells) =>
      cells.map((cell, index) => pad(cell, { width: widths[index] ?? 0, column: columns[index] })).join("  "),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
};

const pad = (text: string, cell: { readonly width: number; readonly column: QuestionColumn | undefined }): string =>
  cell.column?.role === "value" ? text.padStart(cell.width) : text.padEnd(cell.width);

const cellText = (column: QuestionColumn, row: AnswerRow): string => {
  const value = row[column.name];
  if (value === null || value === undefined) {
    return "-";
  }
  const text = String(value);
  switch (column.unit) {
    case "nanodollars":
      return dollarText(text);
    case "ratio":
      return `${(Number(text) * 100).toFixed(2)}%`;
    case "milliseconds":
    case "seconds":
    case "nats":
      return Number(text).toFixed(1);
    case "score":
      return Number(text).toFixed(3);
    default:
      return text;
  }
};

/** Nano-dollars as dollars with every digit kept: `1234567890` becomes `$1.23456789`. */
export const dollarText = (nanos: string): string => {
  const isNegative = nanos.startsWith("-");
  const digits = (isNegative ? nanos.slice(1) : nanos).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "").padEnd(2, "0");
  return `${isNegative ? "-" : ""}$${digits.slice(0, -9)}.${fraction}`;
};
