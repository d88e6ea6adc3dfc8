import type { Usage } from "../core/usage.ts";
import { isRecord } from "./is-record.ts";

/**
 * The token counts of a `usage` object as OpenAI-compatible providers send it; null when it holds no count at all.
 * A member `estimated: true`, which recordings use, marks the counts as estimated.
 */
export const readProviderUsage = (value: unknown): Usage | null => {
  if (!isRecord(value)) {
    return null;
  }
  const inputTokens = count(value["prompt_tokens"]);
  const outputTokens = count(value["completion_tokens"]);
  if (inputTokens === null && outputTokens === null) {
    return null;
  }
  const input = isRecord(value["prompt_tokens_details"]) ? value["prompt_tokens_details"] : {};
  const output = isRecord(value["completion_tokens_details"]) ? value["completion_tokens_details"] : {};
  return {
    inputTokens,
    outputTokens,
    // DeepSeek reports cache hits beside the counts instead of below them.
    cacheReadTokens: count(input["cached_tokens"]) ?? count(value["prompt_cache_hit_tokens"]),
    cacheWriteTokens: count(input["cache_write_tokens"]),
    reasoningTokens: count(output["reasoning_tokens"]),
    source: value["estimated"] === true ? "estimated" : "provider",
  };
};

const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
