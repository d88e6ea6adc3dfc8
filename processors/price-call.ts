import { calcPrice } from "@pydantic/genai-prices";
import type { Call } from "../core/call.ts";
import { bucketsOf, tokenBuckets } from "../core/token-buckets.ts";
import type { Usage } from "../core/usage.ts";
import { noUsage } from "../core/usage.ts";
import type { WastedTokens } from "../core/waste.ts";
import type { CustomPrice } from "./config.ts";
import { findOwnPrice, ownRates } from "./own-rates.ts";
import { tableUsage } from "./table-usage.ts";
import type { TierShare } from "./tier-shares.ts";
import { tierShareOf, tierSharesVersion } from "./tier-shares.ts";

/** Version of the public price table, as it is written to each priced row. */
export const priceTableVersion = "genai-prices 0.1.8";

/** Version written to rows that a price of the operator's own configuration decided. */
const customPriceVersion = "config";

/**
 * Prices a call: the same call with cost and price id, or with nulls when no price is known. `wasted` is what its lost attempts
 * used, null when the span does not say; one without a price leaves the waste unknown.
 */
export type PriceCall = (call: Call, wasted?: readonly WastedTokens[] | null) => Call;

/** Makes the pricing step; the operator's own prices win over the public table. */
export const createPriceCall = (customPrices: readonly CustomPrice[]): PriceCall => {
  const custom = Map.groupBy(customPrices, (price) => priceKey(price.provider, price.model));
  const priceOf = (call: Call, model: string): Price | null => {
    const own = custom.get(priceKey(call.provider, model));
    const price =
      own === undefined ? null : findOwnPrice(own, { provider: call.provider, model, tier: call.usage.tier });
    return price === null ? publicPrice(call, model) : customCost(call.usage, price);
  };
  const wasteOf = (call: Call, wasted: readonly WastedTokens[] | null): bigint | null => {
    if (wasted === null) return call.attempts <= 1 ? 0n : null;
    const costs = wasted.map((lost) => priceOf(attemptOf(call, lost), lost.model)?.costNanos ?? null);
    return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0n);
  };
  return (call, wasted = null) => {
    const wasteNanos = wasteOf(call, wasted);
    const model = call.modelServed ?? call.modelRequested;
    if (call.outcome === "cache_hit") {
      return { ...call, wasteNanos, costNanos: 0n };
    }
    if (model === null || (call.usage.inputTokens === null && call.usage.outputTokens === null)) {
      return { ...call, wasteNanos };
    }
    const price = priceOf(call, model);
    return price === null ? { ...call, wasteNanos } : { ...call, wasteNanos, ...price };
  };
};

/** A lost attempt as a call that can be priced. */
const attemptOf = (call: Call, { provider, inputTokens, outputTokens }: WastedTokens): Call => ({
  ...call,
  provider,
  usage: { ...noUsage, inputTokens, outputTokens },
});

interface Price {
  readonly costNanos: bigint;
  readonly priceId: string;
  readonly priceVersion: string;
}

const priceKey = (provider: string, model: string): string => `${provider}/${model}`;

/** `gen_ai.provider.name` to the price table's provider id, where the two differ. */
const providerIds: Readonly<Record<string, string>> = {
  "aws.bedrock": "aws",
  "azure.ai.openai": "azure",
  "azure.ai.inference": "azure",
  "gcp.gemini": "google",
  "gcp.gen_ai": "google",
  "gcp.vertex_ai": "google",
  mistral_ai: "mistral",
  moonshot_ai: "moonshotai",
  x_ai: "x-ai",
};

/** The price table's id of a provider that spans call `name`. */
export const tableProvider = (name: string): string => providerIds[name] ?? name;

const publicPrice = (call: Call, model: string): Price | null => {
  const timestamp = new Date(Number(call.startedAtNs / 1_000_000n));
  const providerId = tableProvider(call.provider);
  const { tier } = call.usage;
  const share = tierShareOf(providerId, tier);
  const result = share === null ? null : calcPrice(tableUsage(call.usage), model, { providerId, timestamp });
  if (result === null || share === null) {
    return null;
  }
  return {
    costNanos: nanosOf(result.total_price, share),
    priceId: priceKey(result.provider.id, result.model.id),
    priceVersion:
      tier === null || tier === "standard" ? priceTableVersion : `${priceTableVersion}, ${tierSharesVersion}`,
  };
};

const customCost = (usage: Usage, price: CustomPrice): Price => {
  const rates = ownRates(price);
  const counts = bucketsOf(usage);
  const picos = tokenBuckets.reduce((sum, bucket) => sum + BigInt(counts[bucket]) * BigInt(rates[bucket]), 0n);
  return {
    costNanos: nanosOfPicos(picos, 1n),
    priceId: priceKey(price.provider, price.model),
    priceVersion: customPriceVersion,
  };
};

/**
 * Dollars to nano-dollars. A price table's sum is a whole number of pico-dollars up to the error of a few doubles, so it is
 * rounded to pico-dollars first; else half a nano-dollar would fall to either side by chance.
 */
const nanosOf = (dollars: number, { numerator, denominator }: TierShare): bigint =>
  nanosOfPicos(BigInt(Math.round(dollars * 1e12)) * numerator, denominator);

/** Rounds a fraction of pico-dollars to whole nano-dollars, half a nano-dollar up. */
const nanosOfPicos = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + 500n * denominator) / (1000n * denominator);
