import type { AnswerRow } from "../../store/store.ts";
import type { Answers } from "./answers.ts";
import type { Rule } from "./rule-schema.ts";
import type { InputSeries } from "./scenario-schema.ts";
import type { Values } from "./series-notation.ts";

type Columns = Readonly<Record<string, Values>>;

/** What the store would answer a rule at a look of a scenario. */
export const scenarioAnswers = (args: {
  readonly rule: Rule;
  readonly given: readonly InputSeries[];
  readonly look: number;
  readonly everyMs: number;
}): Answers => {
  const { rule, given, look, everyMs } = args;
  const { condition } = rule;
  if (condition.kind === "threshold") {
    const rowsOf = (columnsOf: (series: InputSeries) => Columns): readonly AnswerRow[] =>
      given.flatMap((series) => rowAt(series, cellsAt(columnsOf(series), look)));
    return { kind: "threshold", now: rowsOf(({ values }) => values), before: rowsOf(({ before }) => before) };
  }
  const summed = (windowMs: number): readonly AnswerRow[] =>
    given.flatMap((series) => rowAt(series, sumsOver(series.values, look, Math.ceil(windowMs / everyMs))));
  return {
    kind: "burn_rate",
    pairs: condition.windows.map(({ long, short }) => ({ long: summed(long), short: summed(short) })),
  };
};

const rowAt = ({ labels, texts }: InputSeries, cells: AnswerRow | null): readonly AnswerRow[] =>
  cells === null ? [] : [{ ...labels, ...texts, ...cells }];

/** The columns at a look; null when there is no data in any of them. */
const cellsAt = (columns: Columns, look: number): AnswerRow | null => {
  const cells = Object.entries(columns).map(([column, values]) => [column, values[look] ?? null] as const);
  return cells.some(([, value]) => value !== null) ? Object.fromEntries(cells) : null;
};

const sumsOver = (columns: Columns, look: number, looks: number): AnswerRow | null => {
  const cells = Object.entries(columns).map(([column, values]) => {
    const seen = values.slice(Math.max(0, look + 1 - looks), look + 1).filter((value) => value !== null);
    return [column, seen.length === 0 ? null : seen.reduce((sum, value) => sum + value, 0)] as const;
  });
  return cells.some(([, value]) => value !== null) ? Object.fromEntries(cells) : null;
};
