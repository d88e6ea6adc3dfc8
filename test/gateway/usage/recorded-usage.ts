import { readFileSync } from "node:fs";
import { z } from "zod";

const count = z.int().min(0).nullable();

const row = z.strictObject({
  provider: z.string(),
  model: z.string(),
  wire: z.enum(["chat", "responses", "embeddings", "messages", "gemini", "converse"]),
  /** As the provider sends it. */
  usage: z.record(z.string(), z.unknown()),
  /** Worked out by hand: input with all cached parts, output with reasoning. */
  counts: z.strictObject({ input: count, output: count, cacheRead: count, cacheWrite: count, reasoning: count }),
  /** Worked out by hand from the provider's prices in October 2026. */
  nanos: z.int(),
});

/** Usage objects of many providers, with what they mean and what they cost. */
export const recordedUsage = z
  .array(row)
  .parse(JSON.parse(readFileSync(new URL("./recorded-usage.json", import.meta.url), "utf8")));

/** The counts of a row as the record has them. */
export const usageOf = ({ counts }: z.infer<typeof row>) =>
  ({
    inputTokens: counts.input,
    outputTokens: counts.output,
    cacheReadTokens: counts.cacheRead,
    cacheWriteTokens: counts.cacheWrite,
    reasoningTokens: counts.reasoning,
    source: "provider",
  }) as const;
