import { z } from "zod";
import { duration } from "../../config/duration.ts";
import { parseSeries } from "./series-notation.ts";

const labels = z.record(z.string(), z.string());

const series = z.union([z.string(), z.number().transform(String)]).transform((text, context) => {
  const parsed = parseSeries(text);
  if (parsed.ok) {
    return parsed.values;
  }
  context.addIssue({ code: "custom", message: parsed.problem });
  return z.NEVER;
});

const inputSeries = z.strictObject({
  rule: z.string().describe("The rule that is given the series."),
  labels: labels.default({}).describe("Its labels: a value for each column of the rule's `by`."),
  values: z
    .record(z.string(), series)
    .describe(
      "Columns as series, a value for each look. A burn rate's columns count what came since the look before, and are summed up over its windows.",
    ),
  before: z
    .record(z.string(), series)
    .default({})
    .describe("The same columns of the earlier window, for a threshold with `versus`."),
  texts: labels.default({}).describe("Columns of text that annotations show."),
});

/** A series that is given to a rule. */
export type InputSeries = z.infer<typeof inputSeries>;

const expectedAlert = z.strictObject({
  rule: z.string().describe("The rule whose alert it is."),
  labels: labels.default({}).describe("Labels it must have; it may have more."),
  annotations: labels.default({}).describe("Annotations it must have; it may have more."),
});

/** An alert that a scenario expects. */
export type ExpectedAlert = z.infer<typeof expectedAlert>;

const expectation = z.strictObject({
  at: duration(0).describe("Time since the first look; the last look until then counts."),
  pending: z.array(expectedAlert).default([]).describe("The alerts that are pending then, and no others."),
  firing: z.array(expectedAlert).default([]).describe("The alerts that fire then, and no others."),
  resolved: z
    .array(expectedAlert)
    .optional()
    .describe("The alerts that are told as resolved then; absent checks nothing."),
});

const scenario = z.strictObject({
  name: z.string().min(1).describe("What happens, as a sentence in the present tense."),
  every: duration(1_000).prefault("15s").describe("Time between two looks."),
  amounts: z.record(z.string(), z.number().positive()).default({}).describe("In the place of `alerts.rules.amounts`."),
  series: z.array(inputSeries).min(1),
  expect: z.array(expectation).min(1),
});

/** A story that a rule is tested by: series in, alerts out. */
export type Scenario = z.infer<typeof scenario>;

/** A file of scenarios. */
export const scenarioFile = z.strictObject({ scenarios: z.array(scenario).min(1) });
