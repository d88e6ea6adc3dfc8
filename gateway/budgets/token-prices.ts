import { bucketsOf, tokenBuckets } from "../../core/token-buckets.ts";
import type { PriceStep, TokenPrices } from "../../core/token-prices.ts";
import type { Usage } from "../../core/usage.ts";
import type { TokenBounds } from "./token-bounds.ts";

/** Prices by `provider/model`: the name of the provider's entry in the configuration, and the model it is asked for. */
export type PriceBook = ReadonlyMap<string, TokenPrices>;

/** What a price book calls a target. */
export const priceKey = (provider: string, model: string): string => `${provider}/${model}`;

/** What a tier whose price is not known counts as: no provider takes more than twice its standard price. */
const unknownTierFactor = 2;

/**
 * The most that a call of so many tokens can cost at the standard tier, in nano-dollars: whatever of its input is cached, and
 * whatever step it is in. Hours of cache and audio count only where its request speaks of them.
 */
export const worstNanos = (prices: TokenPrices, tokens: TokenBounds): number =>
  Math.max(
    ...prices.steps
      .filter(({ fromTokens }) => fromTokens <= tokens.input)
      .map((step) => {
        const { input, output } = tokens.hasDearParts ? dearest(step) : plainest(step);
        return nanosOf(tokens.input * input + tokens.output * output);
      }),
  );

const plainest = ({ input, cacheRead, cacheWrite, output }: PriceStep): { input: number; output: number } => ({
  input: Math.max(input, cacheRead, cacheWrite),
  output,
});

const dearest = (step: PriceStep): { input: number; output: number } => ({
  input: Math.max(...tokenBuckets.filter((bucket) => !bucket.startsWith("output")).map((bucket) => step[bucket])),
  output: Math.max(step.output, step.outputAudio, step.outputImage),
});

/**
 * What a call cost by its token counts and its tier, in nano-dollars; a count that is not known adds nothing. A tier without a
 * known price counts twice the standard one, so that nobody passes a budget by asking for it.
 */
export const usageNanos = (prices: TokenPrices, usage: Usage): number => {
  const { tier } = usage;
  const ofTier = tier === null || tier === "standard" ? prices.steps : prices.tiers[tier];
  const rates = (ofTier ?? prices.steps).findLast(({ fromTokens }) => fromTokens <= (usage.inputTokens ?? 0));
  if (rates === undefined) {
    return 0;
  }
  const counts = bucketsOf(usage);
  const picos = tokenBuckets.reduce((sum, bucket) => sum + counts[bucket] * rates[bucket], 0);
  return nanosOf(ofTier === undefined ? picos * unknownTierFactor : picos);
};

/** Rounded up, so that a call is never counted for less than it costs. */
const nanosOf = (picos: number): number => Math.ceil(picos / 1_000);
