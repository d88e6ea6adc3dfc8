import type { QuestionName } from "../../store/questions.ts";
import { questions } from "../../store/questions.ts";
import type { ValueUnit } from "./format-value.ts";
import type { Rule } from "./rule-schema.ts";

/** A unit of a rule's values, and how many of the column's own units make one of it. */
export interface ScaledUnit {
  readonly unit: ValueUnit;
  readonly scale: number;
}

/** The unit of what a rule compares. */
export const unitOfRule = ({ source, condition }: Pick<Rule, "source" | "condition">): ScaledUnit => {
  if (condition.kind === "burn_rate" || condition.versus !== undefined) {
    return { unit: "none", scale: 1 };
  }
  if (condition.share !== undefined) {
    return { unit: "ratio", scale: 1 };
  }
  return source.kind === "question"
    ? unitOfColumn(source.question, condition.column ?? "")
    : { unit: condition.unit ?? "none", scale: 1 };
};

const nanosPerDollar = 1e9;

/** The unit of a column of a question. */
export const unitOfColumn = (question: QuestionName, column: string): ScaledUnit => {
  const unit = questions[question].columns.find(({ name }) => name === column)?.unit ?? "none";
  return unit === "nanodollars" ? { unit: "dollars", scale: nanosPerDollar } : { unit, scale: 1 };
};
