import type { Meter } from "../core/instruments.ts";
import type { LeftOut } from "./answers-to-embed.ts";
import type { ReadVector } from "./embedder-answer.ts";
import type { RequestProblem } from "./embedder-request.ts";

/** What became of an answer that an endpoint could embed. */
export type EmbedderResult =
  | "embedded"
  | LeftOut
  | "over_budget"
  | "resting"
  | "late"
  | "stopping"
  | "no_key"
  | "slow"
  | RequestProblem
  | "too_many_models"
  | Exclude<ReadVector["kind"], "vector">
  | "no_direction"
  | "failed";

/** Counts answers by what became of them. */
export const countAnswers = (meter: Meter, result: EmbedderResult, answers: number): void => {
  if (answers > 0) {
    meter.add("embedderAnswers", answers, { result });
  }
};
