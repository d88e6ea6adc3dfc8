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
  const completion = count(value["completion_tokens"]);
  if (inputTokens === null && completion === null) {
    return null;
  }
  const input = isRecord(value["prompt_tokens_details"]) ? value["prompt_tokens_details"] : {};
  const output = isRecord(value["completion_tokens_details"]) ? value["completion_tokens_details"] : {};
  // Perplexity reports reasoning, Moonshot and DeepSeek cache hits, beside the counts instead of below them.
  const reasoningTokens = count(output["reasoning_tokens"]) ?? count(value["reasoning_tokens"]);
  const isReasoningApart = isSum(value["total_tokens"], [inputTokens, completion, reasoningTokens]);
  return {
    inputTokens,
    outputTokens: isReasoningApart ? (completion ?? 0) + (reasoningTokens ?? 0) : completion,
    cacheReadTokens:
      count(input["cached_tokens"]) ?? count(value["prompt_cache_hit_tokens"]) ?? count(value["cached_tokens"]),
    cacheWriteTokens: count(input["cache_write_tokens"]),
    reasoningTokens,
    source: value["estimated"] === true ? "estimated" : "provider",
  };
};

/** xAI leaves reasoning out of its completion count, and adds it to the total: only the total tells. */
const isSum = (total: unknown, parts: readonly [number | null, number | null, number | null]): boolean => {
  const [, , reasoning] = parts;
  return (reasoning ?? 0) > 0 && count(total) === parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
};

const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
