import { calcPrice } from "@pydantic/genai-prices";
import type { TokenPrices } from "../core/token-prices.ts";
import type { CustomPrice } from "./config.ts";
import { tableProvider } from "./price-call.ts";

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
  const own = customPrices.findLast((price) => price.provider === provider && price.model === model);
  return own === undefined
    ? publicPrices(tableProvider(provider), model, nowMs)
    : { steps: [ownStep(own)], contextWindow: null };
};

const ownStep = ({ inputPerMillion, outputPerMillion, ...cache }: CustomPrice): TokenPrices["steps"][number] => ({
  fromTokens: 0,
  input: picosOf(inputPerMillion),
  output: picosOf(outputPerMillion),
  cacheRead: picosOf(cache.cacheReadPerMillion ?? inputPerMillion),
  cacheWrite: picosOf(cache.cacheWritePerMillion ?? inputPerMillion),
});

const hourMs = 3_600_000;

const publicPrices = (providerId: string, model: string, nowMs: number): TokenPrices | null => {
  const results = Array.from({ length: 24 }, (_, hour) =>
    calcPrice({ input_tokens: 1, output_tokens: 1 }, model, { providerId, timestamp: new Date(nowMs + hour * hourMs) }),
  ).filter((result) => result !== null);
  const tables = results.map(({ model_price: table }) => table);
  const starts = new Set([0, ...tables.flatMap((table) => Object.values(table).flatMap(startsOf))]);
  const steps = [...starts]
    .toSorted((a, b) => a - b)
    .map((fromTokens) => {
      const rate = (name: string, instead: number): number => {
        const found = tables.flatMap((table) => rateAt(table[name], fromTokens) ?? []);
        return found.length === 0 ? instead : picosOf(Math.max(...found));
      };
      const input = rate("input_mtok", 0);
      const caches = { cacheRead: rate("cache_read_mtok", input), cacheWrite: rate("cache_write_mtok", input) };
      return { fromTokens, input, output: rate("output_mtok", 0), ...caches };
    });
  return tables.length === 0 ? null : { steps, contextWindow: results[0]?.model.context_window ?? null };
};

type TablePrice = NonNullable<ReturnType<typeof calcPrice>>["model_price"][string];

const startsOf = (price: TablePrice): readonly number[] =>
  typeof price === "object" ? price.tiers.map(({ start }) => start) : [];

/** Dollars per million tokens in a step; null without a price. */
const rateAt = (price: TablePrice, fromTokens: number): number | null =>
  typeof price === "object"
    ? (price.tiers.findLast(({ start }) => start <= fromTokens)?.price ?? price.base)
    : (price ?? null);

/** Dollars per million tokens to pico-dollars per token. */
const picosOf = (dollarsPerMillion: number): number => Math.round(dollarsPerMillion * 1e6);
