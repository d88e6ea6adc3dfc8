import { calcPrice } from "@pydantic/genai-prices";
import type { ServiceTier } from "../core/service-tier.ts";
import { serviceTiers } from "../core/service-tier.ts";
import { tokenBuckets } from "../core/token-buckets.ts";
import type { PriceStep, TokenPrices } from "../core/token-prices.ts";
import type { CustomPrice } from "./config.ts";
import { findOwnPrice, ownRates } from "./own-rates.ts";
import { tableProvider } from "./price-call.ts";
import { stepsOf } from "./table-steps.ts";
import type { TierShare } from "./tier-shares.ts";
import { tierShareOf } from "./tier-shares.ts";

/** A model as calls of it are recorded. */
export interface PricedModel {
  /** Value of `gen_ai.provider.name`. */
  readonly provider: string;
  readonly model: string;
}

/**
 * The prices of a model from a time on: those by which calls are priced, the operator's own before the public table's. Where
 * they change with the hour of the day, the highest of the day. Null when no price is known.
 */
export const resolvePrices = (
  { provider, model }: PricedModel,
  customPrices: readonly CustomPrice[],
  nowMs: number,
): TokenPrices | null => {
  const table = publicPrices(tableProvider(provider), model, nowMs);
  const stepsOf = (tier: ServiceTier): readonly PriceStep[] | null => {
    const own = findOwnPrice(customPrices, { provider, model, tier });
    const share = tierShareOf(tableProvider(provider), tier);
    const shared = table === null || share === null ? null : table.steps.map((step) => scaled(step, share));
    return own === null ? shared : [{ fromTokens: 0, ...ownRates(own) }];
  };
  const steps = stepsOf("standard");
  const tiers = serviceTiers.flatMap((tier) => {
    const ofTier = tier === "standard" ? null : stepsOf(tier);
    return ofTier === null ? [] : [[tier, ofTier] as const];
  });
  const contextWindow =
    findOwnPrice(customPrices, { provider, model, tier: null }) === null ? table?.contextWindow : null;
  return steps === null ? null : { steps, tiers: Object.fromEntries(tiers), contextWindow: contextWindow ?? null };
};

/** Rounded up to whole pico-dollars, so that a budget is never charged less. */
const scaled = (step: PriceStep, { numerator, denominator }: TierShare): PriceStep => {
  const share = Number(numerator) / Number(denominator);
  const rates = tokenBuckets.map((bucket) => [bucket, Math.ceil(step[bucket] * share)] as const);
  return { ...step, ...Object.fromEntries(rates) };
};

const hourMs = 3_600_000;

interface PublicPrices {
  readonly steps: readonly PriceStep[];
  readonly contextWindow: number | null;
}

const publicPrices = (providerId: string, model: string, nowMs: number): PublicPrices | null => {
  const results = Array.from({ length: 24 }, (_, hour) =>
    calcPrice({ input_tokens: 1, output_tokens: 1 }, model, { providerId, timestamp: new Date(nowMs + hour * hourMs) }),
  ).filter((result) => result !== null);
  const tables = results.map(({ model_price: table }) => table);
  return tables.length === 0
    ? null
    : { steps: stepsOf(tables), contextWindow: results[0]?.model.context_window ?? null };
};
