import { calcPrice } from "@pydantic/genai-prices";
import type { Call } from "../core/call.ts";
import type { Usage } from "../core/usage.ts";
import { noUsage } from "../core/usage.ts";
import type { WastedTokens } from "../core/waste.ts";
import type { CustomPrice } from "./config.ts";

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
  const custom = new Map(customPrices.map((price) => [priceKey(price.provider, price.model), price]));
  const priceOf = (call: Call, model: string): Price | null => {
    const own = custom.get(priceKey(call.provider, model));
    return own === undefined ? publicPrice(call, model) : customCost(call.usage, own);
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
  const result = calcPrice(tableUsage(call.usage), model, { providerId, timestamp });
  if (result === null) {
    return null;
  }
  return {
    costNanos: nanosOf(result.total_price),
    priceId: priceKey(result.provider.id, result.model.id),
    priceVersion: priceTableVersion,
  };
};

/** Cache counts are parts of the input count; a part above its whole would make the table refuse the call, so it is capped. */
const tableUsage = (usage: Usage): Record<string, number> => {
  const input = usage.inputTokens ?? 0;
  const cacheRead = Math.min(usage.cacheReadTokens ?? 0, input);
  return {
    input_tokens: input,
    output_tokens: usage.outputTokens ?? 0,
    cache_read_tokens: cacheRead,
    cache_write_tokens: Math.min(usage.cacheWriteTokens ?? 0, input - cacheRead),
  };
};

const customCost = (usage: Usage, price: CustomPrice): Price => {
  const counts = tableUsage(usage);
  const read = counts["cache_read_tokens"] ?? 0;
  const written = counts["cache_write_tokens"] ?? 0;
  const plain = (counts["input_tokens"] ?? 0) - read - written;
  const picos =
    picosFor(plain, price.inputPerMillion) +
    picosFor(read, price.cacheReadPerMillion ?? price.inputPerMillion) +
    picosFor(written, price.cacheWritePerMillion ?? price.inputPerMillion) +
    picosFor(counts["output_tokens"] ?? 0, price.outputPerMillion);
  return {
    costNanos: nanosOfPicos(picos),
    priceId: priceKey(price.provider, price.model),
    priceVersion: customPriceVersion,
  };
};

/** Dollars per million tokens are micro-dollars per token; at six decimals of price, tokens times price is whole pico-dollars. */
const picosFor = (tokens: number, dollarsPerMillion: number): bigint =>
  BigInt(tokens) * BigInt(Math.round(dollarsPerMillion * 1e6));

/**
 * Dollars to nano-dollars. A price table's sum is a whole number of pico-dollars up to the error of a few doubles, so it is
 * rounded to pico-dollars first; else half a nano-dollar would fall to either side by chance.
 */
const nanosOf = (dollars: number): bigint => nanosOfPicos(BigInt(Math.round(dollars * 1e12)));

/** Rounds to whole nano-dollars, half a nano-dollar up. */
const nanosOfPicos = (picos: bigint): bigint => (picos + 500n) / 1000n;
