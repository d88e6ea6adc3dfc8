import { serviceTierOf } from "../../../core/service-tier.ts";
import type { Usage } from "../../../core/usage.ts";
import { knownParts } from "../../../core/usage.ts";
import { countOf, recordOf } from "../json-values.ts";

/**
 * The token counts of a `usage` object of OpenAI's responses, whose input and output include their parts, and of the
 * `service_tier` beside it; null without any.
 */
export const responsesUsage = (value: unknown, serviceTier?: unknown): Usage | null => {
  const usage = recordOf(value);
  const inputTokens = countOf(usage["input_tokens"]);
  const outputTokens = countOf(usage["output_tokens"]);
  if (inputTokens === null && outputTokens === null) {
    return null;
  }
  const input = recordOf(usage["input_tokens_details"]);
  const output = recordOf(usage["output_tokens_details"]);
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: countOf(input["cached_tokens"]),
    cacheWriteTokens: countOf(input["cache_write_tokens"]),
    reasoningTokens: countOf(output["reasoning_tokens"]),
    parts: knownParts({
      inputAudio: countOf(input["audio_tokens"]),
      inputImage: countOf(input["image_tokens"]),
      outputAudio: countOf(output["audio_tokens"]),
      outputImage: countOf(output["image_tokens"]),
    }),
    tier: serviceTierOf(serviceTier),
    source: "provider",
  };
};

/** Token counts as a `usage` object of OpenAI's responses; its details are always there, and 0 where not known. */
export const writeResponsesUsage = (usage: Usage): unknown =>
  usage.source === "none"
    ? null
    : {
        input_tokens: usage.inputTokens ?? 0,
        input_tokens_details: {
          cached_tokens: usage.cacheReadTokens ?? 0,
          cache_write_tokens: usage.cacheWriteTokens ?? 0,
        },
        output_tokens: usage.outputTokens ?? 0,
        output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
        total_tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0),
      };
