import { PlumblineError } from "../../core/errors.ts";
import type { AnswerRow } from "../../store/store.ts";

/** A number of a row; null when there is none. Throws `rule.bad_answer` when the row has no such column, or text in it. */
export const readNumber = (row: AnswerRow, column: string): number | null => {
  const cell = row[column];
  if (cell === undefined) {
    throw new PlumblineError("rule.bad_answer", `the answer has no column "${column}"`);
  }
  if (cell === null || cell === "") {
    return null;
  }
  const value = typeof cell === "boolean" ? Number.NaN : Number(cell);
  if (Number.isFinite(value)) {
    return value;
  }
  // What a quantile or a ratio of nothing is: no number, and no mistake.
  if (typeof cell === "number" || /^(nan|-?inf)$/i.test(String(cell))) {
    return null;
  }
  throw new PlumblineError("rule.bad_answer", `column "${column}" holds no number`);
};
