import type { TimeSpan } from "../../store/read-measures.ts";
import type { AnswerRow } from "../../store/store.ts";
import type { Answers } from "./answers.ts";
import type { Rule, RuleSource } from "./rule-schema.ts";
import { windowSpan } from "./window-span.ts";

/** Reads the rows of a source in a span of time. */
export type ReadRows = (source: RuleSource, span: TimeSpan) => Promise<readonly AnswerRow[]>;

/** Reads all that a rule's condition compares, with windows that end at `toMs`. */
export const readAnswers = async (
  { source, condition }: Pick<Rule, "source" | "condition">,
  toMs: number,
  read: ReadRows,
): Promise<Answers> => {
  if (condition.kind === "burn_rate") {
    const pairs = condition.windows.map(async ({ long, short }) => {
      const spanOf = (ms: number): TimeSpan => windowSpan({ kind: "span", ms }, toMs);
      const [longRows, shortRows] = await Promise.all([read(source, spanOf(long)), read(source, spanOf(short))]);
      return { long: longRows, short: shortRows };
    });
    return { kind: "burn_rate", pairs: await Promise.all(pairs) };
  }
  const { window, versus } = condition;
  const earlier = versus === undefined ? null : windowSpan({ kind: "span", ms: versus.window }, toMs - versus.offset);
  const [now, before] = await Promise.all([
    read(source, windowSpan(window, toMs)),
    earlier === null ? [] : read(source, earlier),
  ]);
  return { kind: "threshold", now, before };
};
