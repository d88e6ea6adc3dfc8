import { calcPrice } from "@pydantic/genai-prices";
import type { ServiceTier } from "../core/service-tier.ts";
import { serviceTiers } from "../core/service-tier.ts";
import { tokenBuckets } from "../core/token-buckets.ts";
import type { PriceStep, TokenPrices } from "../core/token-prices.ts";
import type { CustomPrice } from "./config.ts";
import { findOwnPrice, ownRates } from "./own-rates.ts";
import { tableProvider } from "./price-call.ts";
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
  const starts = new Set([0, ...tables.flatMap((table) => Object.values(table).flatMap(startsOf))]);
  const steps = [...starts].toSorted((a, b) => a - b).map((fromTokens) => stepAt(tables, fromTokens));
  return tables.length === 0 ? null : { steps, contextWindow: results[0]?.model.context_window ?? null };
};

type TablePrices = NonNullable<ReturnType<typeof calcPrice>>["model_price"];
type TablePrice = TablePrices[string];

/** What the table does not price apart is paid as what it is a part of. */
const stepAt = (tables: readonly TablePrices[], fromTokens: number): PriceStep => {
  const rate = (name: string, instead: number): number => {
    const found = tables.flatMap((table) => rateAt(table[name], fromTokens) ?? []);
    return found.length === 0 ? instead : picosOf(Math.max(...found));
  };
  const input = rate("input_mtok", 0);
  const output = rate("output_mtok", 0);
  const cacheRead = rate("cache_read_mtok", input);
  const cacheWrite = rate("cache_write_mtok", input);
  return {
    fromTokens,
    input,
    inputAudio: rate("input_audio_mtok", input),
    inputImage: rate("input_image_mtok", input),
    cacheRead,
    cacheReadAudio: rate("cache_audio_read_mtok", cacheRead),
    cacheReadImage: rate("cache_image_read_mtok", cacheRead),
    cacheWrite,
    cacheWrite1h: rate("cache_write_1h_mtok", cacheWrite),
    output,
    outputAudio: rate("output_audio_mtok", output),
    outputImage: rate("output_image_mtok", output),
  };
};

/** The table's steps hold above their start, ours from theirs on. */
const startsOf = (price: TablePrice): readonly number[] =>
  typeof price === "object" ? price.tiers.map(({ start }) => start + 1) : [];

/** Dollars per million tokens in a step; null without a price. */
const rateAt = (price: TablePrice, fromTokens: number): number | null =>
  typeof price === "object"
    ? (price.tiers.findLast(({ start }) => start < fromTokens)?.price ?? price.base)
    : (price ?? null);

/** Dollars per million tokens to pico-dollars per token. */
const picosOf = (dollarsPerMillion: number): number => Math.round(dollarsPerMillion * 1e6);
