import type { Labels } from "../../core/alert.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { AnswerRow } from "../../store/store.ts";

/** The rows of one series. */
export interface SeriesRows {
  readonly labels: Labels;
  readonly rows: readonly AnswerRow[];
}

/** The rows of an answer by series: those that agree in all columns of `by`. An empty label is none. */
export const seriesOf = (rows: readonly AnswerRow[], by: readonly string[]): ReadonlyMap<string, SeriesRows> => {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(by.map((column) => labelOf(row, column))));
  return new Map(
    [...groups].map(([key, group]) => [key, { labels: labelsOf(group[0] ?? {}, by), rows: group }] as const),
  );
};

const labelsOf = (row: AnswerRow, by: readonly string[]): Labels =>
  Object.fromEntries(by.map((column) => [column, labelOf(row, column)]).filter(([, text]) => text !== ""));

const labelOf = (row: AnswerRow, column: string): string => {
  const cell = row[column];
  if (cell === undefined) {
    throw new PlumblineError("rule.bad_answer", `the answer has no column "${column}"`);
  }
  return cell === null ? "" : String(cell);
};
