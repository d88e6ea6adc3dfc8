import { serviceTierOf } from "../../../core/service-tier.ts";
import type { Usage } from "../../../core/usage.ts";
import { knownParts } from "../../../core/usage.ts";
import { countOf, recordOf, recordsOf, sumOf } from "../json-values.ts";

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
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: countOf(usage["cachedContentTokenCount"]),
    cacheWriteTokens: null,
    reasoningTokens,
    parts: knownParts({
      inputAudio: ofModality(usage["promptTokensDetails"], "AUDIO"),
      cacheReadAudio: ofModality(usage["cacheTokensDetails"], "AUDIO"),
      inputImage: ofModality(usage["promptTokensDetails"], "IMAGE"),
      cacheReadImage: ofModality(usage["cacheTokensDetails"], "IMAGE"),
      outputAudio: ofModality(usage["candidatesTokensDetails"], "AUDIO"),
      outputImage: ofModality(usage["candidatesTokensDetails"], "IMAGE"),
    }),
    tier: serviceTierOf(usage["trafficType"]),
    source: "provider",
  };
};

/** The count of one modality; null when the list does not name it. */
const ofModality = (list: unknown, modality: string): number | null => {
  const entry = recordsOf(list).find((each) => each["modality"] === modality);
  return countOf(entry?.["tokenCount"]);
};
