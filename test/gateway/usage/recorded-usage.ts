import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { serviceTiers } from "../../../core/service-tier.ts";
import type { Usage } from "../../../core/usage.ts";
import { usageParts } from "../../../core/usage.ts";

const count = z.int().min(0).nullable();

const row = z.strictObject({
  /** What is special about it. */
  name: z.string(),
  provider: z.string(),
  model: z.string(),
  wire: z.enum(["chat", "responses", "embeddings", "messages", "gemini", "converse"]),
  /** What the provider says beside the usage object of its tier; absent when it says nothing. */
  serviceTier: z.unknown().optional(),
  /** As the provider sends it. */
  usage: z.record(z.string(), z.unknown()),
  /** Worked out by hand: input with all cached parts, output with reasoning; null when nothing can be known. */
  counts: z
    .strictObject({
      ...{ input: count, output: count, cacheRead: count, cacheWrite: count, reasoning: count },
      parts: z.partialRecord(z.enum(usageParts), z.int().min(1)).default({}),
      tier: z.enum(serviceTiers).nullable().default(null),
    })
    .nullable(),
  /** Tokens times dollars per million, from the provider's prices of October 2026; null when it has none. */
  cost: z.string().nullable(),
  /** The same in nano-dollars. */
  nanos: z.int().nullable(),
});

/** A usage object of a provider, with what it means and what it costs. */
export type RecordedUsage = z.infer<typeof row>;

const folder = new URL("./recorded/", import.meta.url);

/** Usage objects of many providers, with what they mean and what they cost. */
export const recordedUsage: readonly RecordedUsage[] = readdirSync(folder)
  .toSorted()
  .flatMap((file) => z.array(row).parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))));

/** The counts of a row as the record has them; null when nothing can be known. */
export const usageOf = ({ counts }: RecordedUsage): Usage | null =>
  counts === null
    ? null
    : {
        inputTokens: counts.input,
        outputTokens: counts.output,
        cacheReadTokens: counts.cacheRead,
        cacheWriteTokens: counts.cacheWrite,
        reasoningTokens: counts.reasoning,
        parts: counts.parts,
        tier: counts.tier,
        source: "provider",
      };
