import type { PriceStep } from "../../../core/token-prices.ts";
import type { PriceBook } from "../../../gateway/budgets/token-prices.ts";

const step: PriceStep = {
  fromTokens: 0,
  ...{ input: 1_000_000, inputAudio: 1_000_000, inputImage: 1_000_000 },
  ...{ cacheRead: 100_000, cacheReadAudio: 100_000, cacheReadImage: 100_000 },
  ...{ cacheWrite: 1_250_000, cacheWrite1h: 2_000_000 },
  ...{ output: 10_000_000, outputAudio: 10_000_000, outputImage: 10_000_000 },
};

/** Prices of the test's models: a dollar per million input tokens, ten per million output tokens. */
export const prices: PriceBook = new Map(
  ["up-1", "up-2"].map((model) => [
    `up/${model}`,
    {
      steps: [step],
      tiers: {},
      contextWindow: null,
    },
  ]),
);

/** What a call of so many tokens costs by them, in nano-dollars. */
export const nanosOf = (input: number, output: number): number => input * 1_000 + output * 10_000;
