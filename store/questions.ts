import { alertQuestions } from "./questions-alerts.ts";
import { callQuestions } from "./questions-calls.ts";
import type { Question } from "./questions-column.ts";
import { driftQuestions } from "./questions-drift.ts";
import { feedbackQuestions } from "./questions-feedback.ts";
import { loopQuestions } from "./questions-loop.ts";
import { pipelineQuestions } from "./questions-pipeline.ts";

/** The names of the questions, in the order in which help texts list them. */
export const questionNames = [
  "totals",
  "calls",
  "errors",
  "cost",
  "ttft",
  "models",
  "tokens",
  "routes",
  "targets",
  "providers",
  "refusals",
  "drift",
  "findings",
  "canaries",
  "verdicts",
  "alerts",
  "notifications",
  "feedback",
  "freshness",
  "completeness",
  "gateways",
  "telemetry_health",
] as const;

/** The name of a question. */
export type QuestionName = (typeof questionNames)[number];

/** Every named question. */
export const questions: Readonly<Record<QuestionName, Question>> = {
  ...callQuestions,
  ...alertQuestions,
  ...driftQuestions,
  ...loopQuestions,
  ...feedbackQuestions,
  ...pipelineQuestions,
};
