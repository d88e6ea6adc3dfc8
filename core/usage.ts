import type { UsageSource } from "./outcomes.ts";

/** The token counts of a call, in OpenTelemetry's sense; `null` means not known, never 0. */
export interface Usage {
  /** All input tokens, cached ones included. */
  readonly inputTokens: number | null;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number | null;
  /** Input tokens read from the provider's cache: a part of `inputTokens`. */
  readonly cacheReadTokens: number | null;
  /** Input tokens written to the provider's cache: a part of `inputTokens`. */
  readonly cacheWriteTokens: number | null;
  /** Output tokens spent on reasoning: a part of `outputTokens`. */
  readonly reasoningTokens: number | null;
  readonly source: UsageSource;
}

/** Usage of which nothing is known. */
export const noUsage: Usage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  source: "none",
};

/** Bytes of UTF-8 that one token stands for in the estimate; about right for English text in current tokenizers. */
const bytesPerToken = 4;

/**
 * Estimates the tokens of a text from its length in UTF-8 bytes, rounded up; 0 only for an empty text.
 * A rule of thumb, used where a provider sends no counts, and always marked `estimated`.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken);
