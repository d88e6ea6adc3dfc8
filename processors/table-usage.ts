import { bucketsOf } from "../core/token-buckets.ts";
import type { Usage } from "../core/usage.ts";

/**
 * Counts in the price table's words, each with all its parts. The table refuses a part above its whole, and parts that leave
 * open what they share: the buckets have neither.
 */
export const tableUsage = (usage: Usage): Record<string, number> => {
  const buckets = bucketsOf(usage);
  const inputAudio = buckets.inputAudio + buckets.cacheReadAudio;
  const inputImage = buckets.inputImage + buckets.cacheReadImage;
  const plainOutput = buckets.output;
  return {
    input_tokens: usage.inputTokens ?? 0,
    output_tokens: usage.outputTokens ?? 0,
    cache_read_tokens: buckets.cacheRead + buckets.cacheReadAudio + buckets.cacheReadImage,
    cache_write_tokens: buckets.cacheWrite + buckets.cacheWrite1h,
    cache_write_1h_tokens: buckets.cacheWrite1h,
    input_audio_tokens: inputAudio,
    cache_audio_read_tokens: buckets.cacheReadAudio,
    input_image_tokens: inputImage,
    cache_image_read_tokens: buckets.cacheReadImage,
    output_audio_tokens: buckets.outputAudio,
    output_image_tokens: buckets.outputImage,
    output_reasoning_tokens: Math.min(usage.reasoningTokens ?? 0, plainOutput),
  };
};
