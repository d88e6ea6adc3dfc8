import { serviceTierOf } from "../../../core/service-tier.ts";
import type { Usage } from "../../../core/usage.ts";
import { knownParts } from "../../../core/usage.ts";
import { countOf, recordOf, recordsOf, sumOf } from "../json-values.ts";

/**
 * The token counts of a `usage` object of Bedrock's Converse, and of the `serviceTier` beside it; null when it holds no count.
 * Its input leaves out what was read from and written to the cache: ours includes both.
 */
export const converseUsage = (value: unknown, serviceTier?: unknown): Usage | null => {
  const usage = recordOf(value);
  const cacheReadTokens = countOf(usage["cacheReadInputTokens"]);
  const cacheWriteTokens = countOf(usage["cacheWriteInputTokens"]);
  const inputTokens = sumOf(countOf(usage["inputTokens"]), cacheReadTokens, cacheWriteTokens);
  const outputTokens = countOf(usage["outputTokens"]);
  const anHour = recordsOf(usage["cacheDetails"]).find(({ ttl }) => ttl === "1h");
  return inputTokens === null && outputTokens === null
    ? null
    : {
        inputTokens,
        outputTokens,
        cacheReadTokens,
        cacheWriteTokens,
        reasoningTokens: null,
        parts: knownParts({ cacheWrite1h: countOf(anHour?.["inputTokens"]) }),
        tier: serviceTierOf(recordOf(serviceTier)["type"]),
        source: "provider",
      };
};
