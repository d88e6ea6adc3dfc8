import type { ServiceTier } from "../core/service-tier.ts";
import type { PerBucket } from "../core/token-buckets.ts";
import type { CustomPrice } from "./config.ts";

/** What a price of the operator's own is looked up by. */
export interface OwnPriceOf {
  readonly provider: string;
  readonly model: string;
  readonly tier: ServiceTier | null;
}

/** The operator's own price for calls of a model: the last of its tier, else the last that names no tier; null without any. */
export const findOwnPrice = (
  prices: readonly CustomPrice[],
  { provider, model, tier }: OwnPriceOf,
): CustomPrice | null => {
  const ofModel = prices.filter((price) => price.provider === provider && price.model === model);
  const ofTier = ofModel.findLast((price) => price.tier === (tier ?? "standard"));
  return ofTier ?? ofModel.findLast((price) => price.tier === undefined) ?? null;
};

/** Pico-dollars per token of each bucket; what a price does not name is paid as the plainer bucket that it is a part of. */
export const ownRates = (price: CustomPrice): PerBucket => {
  const { inputPerMillion, outputPerMillion } = price;
  const cacheRead = price.cacheReadPerMillion ?? inputPerMillion;
  const cacheWrite = price.cacheWritePerMillion ?? inputPerMillion;
  return {
    input: picosOf(inputPerMillion),
    inputAudio: picosOf(price.inputAudioPerMillion ?? inputPerMillion),
    inputImage: picosOf(price.inputImagePerMillion ?? inputPerMillion),
    cacheRead: picosOf(cacheRead),
    cacheReadAudio: picosOf(cacheRead),
    cacheReadImage: picosOf(cacheRead),
    cacheWrite: picosOf(cacheWrite),
    cacheWrite1h: picosOf(price.cacheWrite1hPerMillion ?? cacheWrite),
    output: picosOf(outputPerMillion),
    outputAudio: picosOf(price.outputAudioPerMillion ?? outputPerMillion),
    outputImage: picosOf(price.outputImagePerMillion ?? outputPerMillion),
  };
};

/** Dollars per million tokens are micro-dollars per token: at six decimals of price whole pico-dollars. */
const picosOf = (dollarsPerMillion: number): number => Math.round(dollarsPerMillion * 1e6);
