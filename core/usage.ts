import type { UsageSource } from "./outcomes.ts";
import type { ServiceTier } from "./service-tier.ts";

/** Parts of the counts that may have a price of their own, and that few calls have. */
export const usageParts = [
  /** Of `cacheWriteTokens`: those kept for an hour. */
  "cacheWrite1h",
  /** Of `inputTokens`. */
  "inputAudio",
  /** Of both `inputAudio` and `cacheReadTokens`. */
  "cacheReadAudio",
  /** Of `inputTokens`. */
  "inputImage",
  /** Of both `inputImage` and `cacheReadTokens`. */
  "cacheReadImage",
  /** Of `outputTokens`. */
  "outputAudio",
  /** Of `outputTokens`. */
  "outputImage",
] as const;

/** A part of the counts that may have a price of its own. */
export type UsagePart = (typeof usageParts)[number];

/** Token counts of parts, above 0; one that is absent is 0 or not known. */
export type UsageParts = Readonly<Partial<Record<UsagePart, number>>>;

/** The token counts of a call, in OpenTelemetry's sense; `null` means not known, never 0. */
export interface Usage {
  /** All input tokens, cached ones included. */
  readonly inputTokens: number | null;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number | null;
  /** Input tokens read from the provider's cache: a part of `inputTokens`. */
  readonly cacheReadTokens: number | null;
  /** Input tokens written to the provider's cache, for however long: a part of `inputTokens`. */
  readonly cacheWriteTokens: number | null;
  /** Output tokens spent on reasoning: a part of `outputTokens`. */
  readonly reasoningTokens: number | null;
  readonly parts: UsageParts;
  /** Null when the provider did not say, which is paid as the standard one. */
  readonly tier: ServiceTier | null;
  readonly source: UsageSource;
}

/** Usage of which nothing is known. */
export const noUsage: Usage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  parts: {},
  tier: null,
  source: "none",
};

/** The parts above 0, of counts of which some are not known. */
export const knownParts = (parts: Readonly<Partial<Record<UsagePart, number | null>>>): UsageParts => {
  const known: Partial<Record<UsagePart, number>> = {};
  for (const name of usageParts) {
    const count = parts[name] ?? 0;
    if (count > 0) {
      known[name] = count;
    }
  }
  return known;
};

/** Bytes of UTF-8 that one token stands for in the estimate; about right for English text in current tokenizers. */
const bytesPerToken = 4;

/**
 * Estimates the tokens of a text from its length in UTF-8 bytes, rounded up; 0 only for an empty text.
 * A rule of thumb, used where a provider sends no counts, and always marked `estimated`.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken);
