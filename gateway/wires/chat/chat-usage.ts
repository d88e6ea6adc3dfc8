import type { Usage } from "../../../core/usage.ts";
import { compact } from "../json-values.ts";

/** Token counts as a `usage` object of OpenAI's chat completions; parts that are not known are left out. */
export const chatUsage = (usage: Usage): Readonly<Record<string, unknown>> => ({
  prompt_tokens: usage.inputTokens ?? 0,
  completion_tokens: usage.outputTokens ?? 0,
  total_tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0),
  prompt_tokens_details: compact({
    cached_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
  }),
  completion_tokens_details: compact({ reasoning_tokens: usage.reasoningTokens }),
});
