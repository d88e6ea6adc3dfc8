import type { ServiceTier } from "../core/service-tier.ts";

/** A part of the standard price, as a fraction of whole numbers. */
export interface TierShare {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Version of these shares, as it is written to each row that one of them priced. */
export const tierSharesVersion = "tiers 2026-11-21";

const whole: TierShare = { numerator: 1n, denominator: 1n };
const half: TierShare = { numerator: 1n, denominator: 2n };

/**
 * What providers take of their standard price, by the price table's id of the provider; the public table knows standard prices
 * alone. Each share is from a page of the provider's own, as stored copies of them said on 2026-11-21. What no such page states,
 * or what is no single share of all a call has used, is not here: docs/limits.md names it.
 */
const shares: Readonly<Record<string, Readonly<Partial<Record<ServiceTier, TierShare>>>>> = {
  // developers.openai.com/api/docs/guides/flex-processing: at the rates of batches, prompt caching on top; those are half.
  openai: { flex: half, batch: half },
  // learn.microsoft.com/azure/ai-foundry/openai/how-to/batch: half of global standard.
  azure: { batch: half },
  // platform.claude.com/docs/build-with-claude/batch-processing: half, caches too.
  anthropic: { batch: half },
  // ai.google.dev/gemini-api/docs/optimization: half, by the token.
  google: { flex: half },
  // docs.aws.amazon.com/bedrock/latest/userguide/capacity-limits-cost-optimization.html: half of on demand.
  aws: { batch: half },
  // console.groq.com/docs/flex-processing: the price on demand.
  groq: { flex: whole },
};

/** What a tier of a provider costs of its standard price; null where that is not known. */
export const tierShareOf = (tableProvider: string, tier: ServiceTier | null): TierShare | null =>
  tier === null || tier === "standard" ? whole : (shares[tableProvider]?.[tier] ?? null);
