import type { Usage } from "../../../core/usage.ts";
import { countOf, recordOf, sumOf } from "../json-values.ts";

/**
 * The token counts of a `usage` object of Anthropic's messages; null when it holds no count. Anthropic's input leaves out
 * what was read from and written to the cache: ours includes both.
 */
export const messagesUsage = (value: unknown): Usage | null => {
  const usage = recordOf(value);
  const cacheReadTokens = countOf(usage["cache_read_input_tokens"]);
  const cacheWriteTokens = countOf(usage["cache_creation_input_tokens"]) ?? cacheWritesByAge(usage["cache_creation"]);
  const inputTokens = sumOf(countOf(usage["input_tokens"]), cacheReadTokens, cacheWriteTokens);
  const outputTokens = countOf(usage["output_tokens"]);
  if (inputTokens === null && outputTokens === null) {
    return null;
  }
  const reasoningTokens = countOf(recordOf(usage["output_tokens_details"])["thinking_tokens"]);
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens, source: "provider" };
};

/** The writes to caches of five minutes and of an hour together, where only the parts are told. */
const cacheWritesByAge = (value: unknown): number | null => {
  const parts = recordOf(value);
  const short = countOf(parts["ephemeral_5m_input_tokens"]);
  const long = countOf(parts["ephemeral_1h_input_tokens"]);
  return short === null && long === null ? null : (short ?? 0) + (long ?? 0);
};
