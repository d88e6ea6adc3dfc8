import type { Usage } from "../../../core/usage.ts";
import { countOf, recordOf, sumOf } from "../json-values.ts";

/**
 * The token counts of a `usage` object of Bedrock's Converse; null when it holds no count. Its input leaves out what was
 * read from and written to the cache: ours includes both.
 */
export const converseUsage = (value: unknown): Usage | null => {
  const usage = recordOf(value);
  const cacheReadTokens = countOf(usage["cacheReadInputTokens"]);
  const cacheWriteTokens = countOf(usage["cacheWriteInputTokens"]);
  const inputTokens = sumOf(countOf(usage["inputTokens"]), cacheReadTokens, cacheWriteTokens);
  const outputTokens = countOf(usage["outputTokens"]);
  return inputTokens === null && outputTokens === null
    ? null
    : { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens: null, source: "provider" };
};
