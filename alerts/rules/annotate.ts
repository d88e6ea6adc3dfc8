import type { Labels } from "../../core/alert.ts";
import { questions } from "../../store/questions.ts";
import type { AnswerRow } from "../../store/store.ts";
import { formatValue } from "./format-value.ts";
import type { Reading } from "./judge-answers.ts";
import { placeholdersIn, renderAnnotations } from "./render-annotation.ts";
import type { Rule } from "./rule-schema.ts";
import { unitOfColumn, unitOfRule } from "./value-unit.ts";

/** The annotations of a rule for one reading; null where there is nothing to compare. */
export const annotate = (args: {
  readonly rule: Rule;
  readonly labels: Labels;
  readonly limit: number;
  readonly reading: Reading | null;
}): Labels => {
  const { rule, labels, limit, reading } = args;
  const { unit } = unitOfRule(rule);
  const values: Record<string, string> = { ...labels, limit: formatValue(limit, unit) };
  if (reading !== null) {
    const named = Object.values(rule.annotations).flatMap(placeholdersIn);
    const columns = named.filter((name) => Object.hasOwn(reading.row, name) && !Object.hasOwn(labels, name));
    Object.assign(values, Object.fromEntries(columns.map((name) => [name, cellText(rule, reading.row, name)])));
    values["value"] = formatValue(reading.value, unit);
  }
  return renderAnnotations(rule.annotations, values);
};

/** A cell in its unit; `-` where it is empty. */
const cellText = ({ source }: Rule, row: AnswerRow, column: string): string => {
  const cell = row[column];
  if (cell === null || cell === undefined) {
    return "-";
  }
  const isValue =
    source.kind === "question" &&
    questions[source.question].columns.some(({ name, role }) => name === column && role === "value");
  if (!isValue || source.kind !== "question") {
    return String(cell);
  }
  const { unit, scale } = unitOfColumn(source.question, column);
  return formatValue(Number(cell) / scale, unit);
};
