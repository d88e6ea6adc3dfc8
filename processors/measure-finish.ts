import type { AnswerMeasures } from "../core/measures.ts";

type FinishReason = NonNullable<AnswerMeasures["finishReason"]>;

/** The words of several interfaces for why an answer ended. */
const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ...["stop", "end_turn", "stop_sequence", "completed", "eos"].map((word) => [word, "stop"] as const),
  ...["length", "max_tokens", "max_output_tokens", "model_length"].map((word) => [word, "length"] as const),
  ...["tool_calls", "tool_call", "tool_use", "function_call"].map((word) => [word, "tool_calls"] as const),
  ...["content_filter", "safety", "refusal", "recitation", "blocklist", "prohibited_content", "spii"].map(
    (word) => [word, "content_filter"] as const,
  ),
]);

/** The first finish reason in the closed list; null when there is none. */
export const finishReason = ([first]: readonly string[]): FinishReason | null =>
  first === undefined ? null : (reasons.get(first.toLowerCase()) ?? "other");
