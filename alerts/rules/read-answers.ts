import type { TimeSpan } from "../../store/read-measures.ts";
import type { AnswerRow } from "../../store/store.ts";
import type { Answers } from "./answers.ts";
import type { Window } from "./condition-schema.ts";
import type { Rule, RuleSource } from "./rule-schema.ts";
import { windowSpan } from "./window-span.ts";

/** What is to be read: a source, and which window of it that is at this look. */
export interface WindowRead {
  readonly source: RuleSource;
  /** The same at every look, while the span moves on. */
  readonly window: string;
  readonly span: TimeSpan;
}

/** Reads the rows of a source in a window. */
export type ReadRows = (read: WindowRead) => Promise<readonly AnswerRow[]>;

/** Reads all that a rule's condition compares, with windows that end at `toMs`. */
export const readAnswers = async (
  { source, condition }: Pick<Rule, "source" | "condition">,
  toMs: number,
  read: ReadRows,
): Promise<Answers> => {
  const rowsOf = (window: Window, offsetMs = 0): Promise<readonly AnswerRow[]> =>
    read({ source, window: JSON.stringify([window, offsetMs]), span: windowSpan(window, toMs - offsetMs) });
  const rowsOfLast = (ms: number, offsetMs = 0): Promise<readonly AnswerRow[]> =>
    rowsOf({ kind: "span", ms }, offsetMs);
  if (condition.kind === "burn_rate") {
    const pairs = condition.windows.map(async ({ long, short }) => {
      const [longRows, shortRows] = await Promise.all([rowsOfLast(long), rowsOfLast(short)]);
      return { long: longRows, short: shortRows };
    });
    return { kind: "burn_rate", pairs: await Promise.all(pairs) };
  }
  const { window, versus } = condition;
  const [now, before] = await Promise.all([
    rowsOf(window),
    versus === undefined ? [] : rowsOfLast(versus.window, versus.offset),
  ]);
  return { kind: "threshold", now, before };
};
