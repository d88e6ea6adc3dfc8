import type { ServiceTier } from "../core/service-tier.ts";

/** A part of the standard price, as a fraction of whole numbers. */
export interface TierShare {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Version of these shares, as it is written to each row that one of them priced. */
export const tierSharesVersion = "tiers 2026-11";

const whole: TierShare = { numerator: 1n, denominator: 1n };
const half: TierShare = { numerator: 1n, denominator: 2n };

/**
 * What providers take of their standard price, by the price table's id of the provider, as their price pages said in November
 * 2026: the public table knows standard prices alone. What is not here has no single share: the priority tiers of OpenAI and
 * Bedrock differ from model to model, Anthropic's is sold by contract.
 */
const shares: Readonly<Record<string, Readonly<Partial<Record<ServiceTier, TierShare>>>>> = {
  openai: { flex: half, batch: half },
  azure: { batch: half },
  anthropic: { batch: half },
  google: { flex: half, batch: half },
  aws: { flex: half, batch: half },
  mistral: { batch: half },
  groq: { flex: whole, batch: half },
};

/** What a tier of a provider costs of its standard price; null where that is not known. */
export const tierShareOf = (tableProvider: string, tier: ServiceTier | null): TierShare | null =>
  tier === null || tier === "standard" ? whole : (shares[tableProvider]?.[tier] ?? null);
