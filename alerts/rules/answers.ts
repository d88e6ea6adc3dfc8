import type { AnswerRow } from "../../store/store.ts";

/** The rows that a rule's condition compares, by the window they answer. */
export type Answers =
  | { readonly kind: "threshold"; readonly now: readonly AnswerRow[]; readonly before: readonly AnswerRow[] }
  | { readonly kind: "burn_rate"; readonly pairs: readonly BurnAnswers[] };

/** The rows of a pair of windows. */
export interface BurnAnswers {
  readonly long: readonly AnswerRow[];
  readonly short: readonly AnswerRow[];
}
