import type { Usage } from "../../../core/usage.ts";
import { countOf, recordOf, sumOf } from "../json-values.ts";

/**
 * The token counts of Gemini's `usageMetadata`; null when it holds no count. Its prompt count includes what came from the
 * cache, but not the results of Google's own tools; its candidates leave out thoughts, which are paid as output.
 */
export const geminiUsage = (value: unknown): Usage | null => {
  const usage = recordOf(value);
  const reasoningTokens = countOf(usage["thoughtsTokenCount"]);
  const inputTokens = sumOf(countOf(usage["promptTokenCount"]), countOf(usage["toolUsePromptTokenCount"]));
  const candidates = countOf(usage["candidatesTokenCount"]);
  // An answer of nothing but thoughts has no candidates to count.
  const outputTokens =
    candidates === null && reasoningTokens !== null ? reasoningTokens : sumOf(candidates, reasoningTokens);
  if (inputTokens === null && outputTokens === null) {
    return null;
  }
  const cacheReadTokens = countOf(usage["cachedContentTokenCount"]);
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens: null, reasoningTokens, source: "provider" };
};
