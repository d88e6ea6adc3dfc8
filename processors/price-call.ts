import { calcPrice } from "@pydantic/genai-prices";
import type { Call } from "../core/call.ts";
import type { PerBucket } from "../core/token-buckets.ts";
import { bucketsOf, tokenBuckets } from "../core/token-buckets.ts";
import type { Usage } from "../core/usage.ts";
import { noUsage } from "../core/usage.ts";
import type { WastedTokens } from "../core/waste.ts";
import type { CustomPrice } from "./config.ts";
import { findOwnPrice, ownRates } from "./own-rates.ts";
import type { TableLookup } from "./table-prices.ts";
import { createTableLookup } from "./table-prices.ts";
import { tableUsage } from "./table-usage.ts";
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
  const lookup = createTableLookup();
  const priceOf = (call: Call, model: string): Price | null => {
    const own = custom.get(priceKey(call.provider, model));
    const price =
      own === undefined ? null : findOwnPrice(own, { provider: call.provider, model, tier: call.usage.tier });
    return price === null ? publicPrice(call, model, lookup) : customCost(call.usage, price);
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

const publicPrice = (call: Call, model: string, lookup: TableLookup): Price | null => {
  const atMs = Number(call.startedAtNs / 1_000_000n);
  const providerId = tableProvider(call.provider);
  const { tier } = call.usage;
  const share = tierShareOf(providerId, tier);
  const found = share === null ? null : lookup({ providerId, model, atMs });
  if (found === null || share === null) {
    return null;
  }
  const step = found.steps?.findLast(({ fromTokens }) => fromTokens <= (call.usage.inputTokens ?? 0));
  const picos =
    step === undefined
      ? tablePicos(call.usage, model, { providerId, timestamp: new Date(atMs) })
      : sumOf(bucketsOf(call.usage), step);
  return {
    costNanos: nanosOfPicos(picos * share.numerator, share.denominator),
    priceId: found.priceId,
    priceVersion:
      tier === null || tier === "standard" ? priceTableVersion : `${priceTableVersion}, ${tierSharesVersion}`,
  };
};

/**
 * What the table itself makes of a call. Its sum is a whole number of pico-dollars up to the error of a few doubles, so it is
 * rounded to those; else half a nano-dollar would fall to either side by chance.
 */
const tablePicos = (
  usage: Usage,
  model: string,
  at: { readonly providerId: string; readonly timestamp: Date },
): bigint => BigInt(Math.round((calcPrice(tableUsage(usage), model, at)?.total_price ?? 0) * 1e12));

/** What tokens cost in pico-dollars, exactly. */
const sumOf = (counts: PerBucket, rates: PerBucket): bigint => {
  const picos = tokenBuckets.reduce((sum, bucket) => sum + counts[bucket] * rates[bucket], 0);
  return Number.isSafeInteger(picos)
    ? BigInt(picos)
    : tokenBuckets.reduce((sum, bucket) => sum + BigInt(counts[bucket]) * BigInt(rates[bucket]), 0n);
};

const customCost = (usage: Usage, price: CustomPrice): Price => {
  const rates = ownRates(price);
  return {
    costNanos: nanosOfPicos(sumOf(bucketsOf(usage), rates), 1n),
    priceId: priceKey(price.provider, price.model),
    priceVersion: customPriceVersion,
  };
};

/** Rounds a fraction of pico-dollars to whole nano-dollars, half a nano-dollar up. */
const nanosOfPicos = (numerator: bigint, denominator: bigint): bigint =>
  (numerator + 500n * denominator) / (1000n * denominator);
