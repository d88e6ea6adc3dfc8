import { PlumblineError } from "../core/errors.ts";
import { whereSlot } from "./question-sql.ts";
import type { Question } from "./questions-column.ts";
import type { QuestionParameters } from "./store.ts";

/** A question as it is sent: SQL and the text of its parameters. */
export interface RenderedQuestion {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Puts the conditions of `where` into a question; throws `store.bad_parameter` on a dimension or range it does not have. */
export const renderQuestion = (question: Question, given: QuestionParameters): RenderedQuestion => {
  const { fromMs, toMs, stepSeconds, where } = given;
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || fromMs < 0 || toMs <= fromMs) {
    throw new PlumblineError("store.bad_parameter", "from must lie before to");
  }
  if (!Number.isSafeInteger(stepSeconds) || stepSeconds < 1) {
    throw new PlumblineError("store.bad_parameter", "step must be a whole number of seconds above 0");
  }
  const conditions = Object.keys(where).map((dimension, index) => {
    if (!question.dimensions.includes(dimension)) {
      const known = question.dimensions.join(", ");
      throw new PlumblineError(
        "store.bad_parameter",
        `where ${dimension}: the dimensions of this question are ${known}`,
      );
    }
    return `${dimension} = {where_${index}:String}`;
  });
  const values = Object.values(where).map((value, index) => [`where_${index}`, value] as const);
  return {
    sql: question.sql.replaceAll(whereSlot, conditions.length === 0 ? "1" : conditions.join(" AND ")),
    parameters: {
      from: secondsText(fromMs),
      to: secondsText(toMs),
      step: String(stepSeconds),
      ...Object.fromEntries(values),
    },
  };
};

/** Seconds since the Unix epoch with milliseconds: the one form of a time that no time zone changes. */
const secondsText = (ms: number): string => (Math.round(ms) / 1000).toFixed(3);
