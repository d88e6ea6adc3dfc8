import { serviceTierOf } from "../../../core/service-tier.ts";
import type { Usage } from "../../../core/usage.ts";
import { knownParts } from "../../../core/usage.ts";
import { countOf, recordOf, sumOf } from "../json-values.ts";

/**
 * The token counts of a `usage` object of Anthropic's messages; null when it holds no count. Anthropic's input leaves out
 * what was read from and written to the cache: ours includes both.
 */
export const messagesUsage = (value: unknown): Usage | null => {
  const usage = recordOf(value);
  const byAge = recordOf(usage["cache_creation"]);
  const cacheWrite1h = countOf(byAge["ephemeral_1h_input_tokens"]);
  const cacheReadTokens = countOf(usage["cache_read_input_tokens"]);
  const cacheWriteTokens =
    countOf(usage["cache_creation_input_tokens"]) ??
    sumOfKnown(countOf(byAge["ephemeral_5m_input_tokens"]), cacheWrite1h);
  const inputTokens = sumOf(countOf(usage["input_tokens"]), cacheReadTokens, cacheWriteTokens);
  const outputTokens = countOf(usage["output_tokens"]);
  if (inputTokens === null && outputTokens === null) {
    return null;
  }
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: countOf(recordOf(usage["output_tokens_details"])["thinking_tokens"]),
    parts: knownParts({ cacheWrite1h }),
    // Fast mode has prices of its own, and its calls say `standard` as their tier.
    tier: usage["speed"] === "fast" ? "other" : serviceTierOf(usage["service_tier"]),
    source: "provider",
  };
};

/** Where only the parts of a count are told. */
const sumOfKnown = (short: number | null, long: number | null): number | null =>
  short === null && long === null ? null : (short ?? 0) + (long ?? 0);
