import type { QuestionColumn } from "../../store/questions-column.ts";
import type { AnswerRow } from "../../store/store.ts";

const integer = /^-?(0|[1-9]\d*)$/;

/**
 * An answer as one JSON object. 64-bit integers, which the store hands over as text, are written as JSON numbers with all
 * their digits; whoever reads them into doubles loses those beyond 2^53.
 */
export const answerJson = (answer: {
  readonly question: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: readonly QuestionColumn[];
  readonly rows: readonly AnswerRow[];
}): string => {
  const values = new Set(answer.columns.flatMap((column) => (column.role === "value" ? [column.name] : [])));
  const rows = answer.rows.map((row) => {
    const members = Object.entries(row).map(
      ([name, value]) => `${JSON.stringify(name)}:${valueText(value, values.has(name))}`,
    );
    return `{${members.join(",")}}`;
  });
  const head = { question: answer.question, from: isoText(answer.fromMs), to: isoText(answer.toMs) };
  return `${JSON.stringify(head).slice(0, -1)},"rows":[${rows.join(",")}]}\n`;
};

const valueText = (value: unknown, isMeasured: boolean): string =>
  isMeasured && typeof value === "string" && integer.test(value) ? value : JSON.stringify(value ?? null);

const isoText = (ms: number): string => new Date(ms).toISOString();
