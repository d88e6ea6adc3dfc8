import type { z } from "zod";
import type { Labels } from "../../core/alert.ts";
import type { QuestionName } from "../../store/questions.ts";
import { questions } from "../../store/questions.ts";
import type { QuestionColumn } from "../../store/questions-column.ts";
import { refuseUnlessReadOnly } from "../../store/read-only-sql.ts";
import type { BurnRate, Threshold, Window } from "./condition-schema.ts";
import { placeholdersIn } from "./render-annotation.ts";

/** What of a written rule its parts cannot check alone. */
interface CheckedRule {
  readonly question?: QuestionName | undefined;
  readonly where: Readonly<Record<string, string>>;
  readonly sql?: string | undefined;
  readonly by: readonly string[];
  readonly window?: Window | undefined;
  readonly threshold?: Threshold | undefined;
  readonly burn_rate?: BurnRate | undefined;
  readonly labels: Labels;
  readonly annotations: Labels;
}

type Problem = readonly [path: readonly PropertyKey[], message: string];

/** Says what is wrong with a rule as a whole: what it names must be there, and belong together. */
export const checkRule = (rule: CheckedRule, context: z.RefinementCtx): void => {
  const problems = [
    ...choiceProblems(rule),
    ...(rule.question === undefined ? sqlProblems(rule) : questionProblems(rule, rule.question)),
    ...labelProblems(rule),
    ...annotationProblems(rule),
  ];
  for (const [path, message] of problems) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
};

const choiceProblems = (rule: CheckedRule): readonly Problem[] => {
  const found: Problem[] = [];
  if ((rule.question === undefined) === (rule.sql === undefined)) {
    found.push([[], "expected either `question` or `sql`"]);
  }
  if ((rule.threshold === undefined) === (rule.burn_rate === undefined)) {
    found.push([[], "expected either `threshold` or `burn_rate`"]);
  }
  if (rule.threshold !== undefined && rule.window === undefined) {
    found.push([["threshold"], "expected a `window` beside it"]);
  }
  if (rule.burn_rate !== undefined && rule.window !== undefined) {
    found.push([["window"], "a burn rate has windows of its own"]);
  }
  return found;
};

const bounds = ["{from:DateTime64(3)}", "{to:DateTime64(3)}"] as const;

const sqlProblems = ({ sql, where }: CheckedRule): readonly Problem[] => {
  if (sql === undefined) {
    return [];
  }
  const refusal = refuseUnlessReadOnly(sql.replaceAll(/\{\w+:\w+(\(\d\))?\}/g, "0"));
  const isBounded = bounds.every((bound) => sql.includes(bound));
  return [
    ...(refusal === null ? [] : [[["sql"], refusal.reason] as const]),
    ...(isBounded ? [] : [[["sql"], `expected ${bounds.join(" and ")} in it, or it would ignore its window`] as const]),
    ...(Object.keys(where).length === 0 ? [] : [[["where"], "only a question takes it"] as const]),
  ];
};

const questionProblems = (rule: CheckedRule, name: QuestionName): readonly Problem[] => {
  const { columns, dimensions } = questions[name];
  const namesOf = (role: QuestionColumn["role"]) => columns.filter((it) => it.role === role).map((it) => it.name);
  const labels = namesOf("label");
  const values = namesOf("value");
  return [
    ...rule.by.flatMap((column, index) => unlessIn(labels, column, ["by", index])),
    ...Object.keys(rule.where).flatMap((dimension) => unlessIn(dimensions, dimension, ["where", dimension])),
    ...columnsOf(rule).flatMap(([path, column]) => unlessIn(values, column, path)),
    ...(rule.threshold?.unit === undefined
      ? []
      : [[["threshold", "unit"], "a question knows its units; only SQL takes one"] as const]),
  ];
};

const unlessIn = (known: readonly string[], name: string, path: readonly PropertyKey[]): readonly Problem[] =>
  known.includes(name) ? [] : [[path, `"${name}" is not one of ${known.join(", ") || "none"}`]];

/** The value columns that a rule reads, with where it names them. */
const columnsOf = ({ threshold, burn_rate: burn }: CheckedRule): readonly Problem[] => {
  const found: Problem[] = [];
  if (threshold?.column !== undefined) found.push([["threshold", "column"], threshold.column]);
  if (threshold?.share !== undefined) {
    found.push(
      [["threshold", "share", "of"], threshold.share.of],
      [["threshold", "share", "among"], threshold.share.among],
    );
  }
  if (threshold?.least !== undefined) found.push([["threshold", "least", "column"], threshold.least.column]);
  if (burn !== undefined) found.push([["burn_rate", "bad"], burn.bad], [["burn_rate", "all"], burn.all]);
  return found;
};

const labelProblems = ({ labels, by }: CheckedRule): readonly Problem[] =>
  Object.entries(labels).flatMap(([name, text]): readonly Problem[] => {
    if (name === "alertname" || by.includes(name)) {
      return [[["labels", name], "this label is given by the rule's name or its series"]];
    }
    return placeholdersIn(text).length === 0
      ? []
      : [[["labels", name], "labels are identity, so that a value in one would make a new alert of each look"]];
  });

const annotationProblems = ({ annotations, by, labels, question }: CheckedRule): readonly Problem[] => {
  if (question === undefined) {
    return [];
  }
  const columns = questions[question].columns.map(({ name }) => name);
  const known = ["value", "limit", "alertname", ...by, ...Object.keys(labels), ...columns];
  return Object.entries(annotations).flatMap(([name, text]) =>
    placeholdersIn(text).flatMap((placeholder) => unlessIn(known, placeholder, ["annotations", name])),
  );
};
