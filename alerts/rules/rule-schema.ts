import { z } from "zod";
import { duration } from "../../config/duration.ts";
import type { AlertAction, Labels } from "../../core/alert.ts";
import { alertActions } from "../../core/alert.ts";
import type { QuestionName } from "../../store/questions.ts";
import { questionNames } from "../../store/questions.ts";
import { checkRule } from "./check-rule.ts";
import type { Condition } from "./condition-schema.ts";
import { burnRate, threshold, windowSchema } from "./condition-schema.ts";
import type { NoDataPolicy } from "./no-data-policy.ts";
import { noDataPolicy } from "./no-data-policy.ts";

/** Where the values of a rule come from. */
export type RuleSource =
  | { readonly kind: "question"; readonly question: QuestionName; readonly where: Readonly<Record<string, string>> }
  | { readonly kind: "sql"; readonly sql: string };

/** An alert rule. */
export interface Rule {
  readonly name: string;
  readonly source: RuleSource;
  /** Columns that tell series apart; each becomes a label. */
  readonly by: readonly string[];
  readonly condition: Condition;
  /** How long the condition must hold before it fires, in milliseconds; 0 fires at once. */
  readonly forMs: number;
  /** How long it keeps firing after the condition held last, in milliseconds; 0 resolves at once. */
  readonly keepFiringForMs: number;
  readonly noData: NoDataPolicy;
  readonly labels: Labels;
  /** Texts in which `{{ value }}`, a label or a column stands for what it is. */
  readonly annotations: Labels;
  readonly action: AlertAction;
}

const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "a name has only letters, digits and _");
const text = z.string().max(4_096);

const writtenRule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, "a rule's name has only small letters, digits and _")
      .describe("Name of the rule, unique over all files; becomes the label `alertname`."),
    question: z.enum(questionNames).optional().describe("A named question of the store that tells the values."),
    where: z.record(z.string(), z.string()).default({}).describe("Conditions on the question's dimensions."),
    sql: z
      .string()
      .min(1)
      .optional()
      .describe("In place of a question: a `SELECT` over `{from:DateTime64(3)}` to `{to:DateTime64(3)}`."),
    by: z.array(labelName).default([]).describe("Columns that tell series apart; each series has its own alert."),
    window: windowSchema.optional(),
    threshold: threshold.optional().describe("Compares one number of each series with a limit."),
    burn_rate: burnRate.optional().describe("In place of a threshold: how fast an error budget is used up."),
    for: duration(0).prefault("0s").describe("How long the condition must hold before the alert fires."),
    keep_firing_for: duration(0).prefault("0s").describe("How long it keeps firing after the condition held last."),
    no_data: noDataPolicy,
    labels: z
      .record(labelName, text)
      .default({})
      .describe("Labels of the alert, `severity` among them. A value must never be one: labels are identity."),
    annotations: z
      .record(labelName, text)
      .default({})
      .describe("Texts for people; `{{ value }}`, `{{ limit }}`, a label or a column stands for what it is."),
    action: z.enum(alertActions).default("notify").describe("What the alert asks for besides being told."),
  })
  .superRefine(checkRule);

/** A rule as it is written. */
export type WrittenRule = z.infer<typeof writtenRule>;

/** A file of rules. */
export const ruleFile = z
  .strictObject({ rules: z.array(writtenRule).min(1).describe("The rules of the file.") })
  .superRefine(({ rules }, context) => {
    for (const [index, { name }] of rules.entries()) {
      if (rules.findIndex((rule) => rule.name === name) < index) {
        context.addIssue({ code: "custom", path: ["rules", index, "name"], message: `"${name}" is there twice` });
      }
    }
  });

/** The rule that a checked text means. */
export const toRule = (written: WrittenRule): Rule => ({
  name: written.name,
  source: sourceOf(written),
  by: written.by,
  condition: conditionOf(written),
  forMs: written.for,
  keepFiringForMs: written.keep_firing_for,
  noData: written.no_data,
  labels: written.labels,
  annotations: written.annotations,
  action: written.action,
});

const sourceOf = ({ question, where, sql }: WrittenRule): RuleSource =>
  question === undefined ? { kind: "sql", sql: sql ?? "" } : { kind: "question", question, where };

const conditionOf = (written: WrittenRule): Condition => {
  const { threshold: compared, burn_rate: burns, window } = written;
  if (compared !== undefined && window !== undefined) {
    return { ...compared, kind: "threshold", window };
  }
  if (burns !== undefined) {
    return { ...burns, kind: "burn_rate" };
  }
  throw new TypeError(`rule ${written.name} was not checked`);
};
