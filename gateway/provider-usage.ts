import { serviceTierOf } from "../core/service-tier.ts";
import type { Usage, UsageParts } from "../core/usage.ts";
import { knownParts } from "../core/usage.ts";
import { countOf, recordOf } from "./wires/json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * The token counts of a `usage` object as OpenAI-compatible providers send it, and of the `service_tier` beside it; null when
 * it holds no count at all. A member `estimated: true`, which recordings use, marks the counts as estimated.
 */
export const readProviderUsage = (value: unknown, serviceTier?: unknown): Usage | null => {
  const usage = recordOf(value);
  const inputTokens = countOf(usage["prompt_tokens"]);
  const completion = countOf(usage["completion_tokens"]);
  if (inputTokens === null && completion === null) {
    return null;
  }
  const input = recordOf(usage["prompt_tokens_details"]);
  const output = recordOf(usage["completion_tokens_details"]);
  // Perplexity reports reasoning, Moonshot and DeepSeek cache hits, beside the counts instead of below them.
  const reasoningTokens = countOf(output["reasoning_tokens"]) ?? countOf(usage["reasoning_tokens"]);
  const isReasoningApart = isSum(usage["total_tokens"], [inputTokens, completion, reasoningTokens]);
  return {
    inputTokens,
    outputTokens: isReasoningApart ? (completion ?? 0) + (reasoningTokens ?? 0) : completion,
    cacheReadTokens:
      countOf(input["cached_tokens"]) ?? countOf(usage["prompt_cache_hit_tokens"]) ?? countOf(usage["cached_tokens"]),
    cacheWriteTokens: countOf(input["cache_write_tokens"]),
    reasoningTokens,
    parts: partsOf(input, output),
    tier: serviceTierOf(serviceTier),
    source: usage["estimated"] === true ? "estimated" : "provider",
  };
};

const partsOf = (input: Members, output: Members): UsageParts => {
  const cached = recordOf(input["cached_tokens_details"]);
  return knownParts({
    inputAudio: countOf(input["audio_tokens"]),
    cacheReadAudio: countOf(cached["audio_tokens"]),
    inputImage: countOf(input["image_tokens"]),
    cacheReadImage: countOf(cached["image_tokens"]),
    outputAudio: countOf(output["audio_tokens"]),
    outputImage: countOf(output["image_tokens"]),
  });
};

/** xAI leaves reasoning out of its completion count, and adds it to the total: only the total tells. */
const isSum = (total: unknown, parts: readonly [number | null, number | null, number | null]): boolean => {
  const [, , reasoning] = parts;
  return (reasoning ?? 0) > 0 && countOf(total) === parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
};
