import type { TokenPrices } from "../../core/token-prices.ts";
import type { Usage } from "../../core/usage.ts";

/** Prices by `provider/model`: the name of the provider's entry in the configuration, and the model it is asked for. */
export type PriceBook = ReadonlyMap<string, TokenPrices>;

/** What a price book calls a target. */
export const priceKey = (provider: string, model: string): string => `${provider}/${model}`;

/** The most that a call of so many tokens can cost, in nano-dollars: whatever of its input is cached, and whatever step it is in. */
export const worstNanos = (prices: TokenPrices, tokens: { readonly input: number; readonly output: number }): number =>
  Math.max(
    ...prices.steps
      .filter(({ fromTokens }) => fromTokens <= tokens.input)
      .map(({ input, output, cacheRead, cacheWrite }) =>
        nanosOf(tokens.input * Math.max(input, cacheRead, cacheWrite) + tokens.output * output),
      ),
  );

/** What a call cost by its token counts, in nano-dollars; a count that is not known adds nothing. */
export const usageNanos = (prices: TokenPrices, usage: Usage): number => {
  const all = usage.inputTokens ?? 0;
  const read = Math.min(usage.cacheReadTokens ?? 0, all);
  const written = Math.min(usage.cacheWriteTokens ?? 0, all - read);
  const rates = prices.steps.findLast(({ fromTokens }) => fromTokens <= all);
  return rates === undefined
    ? 0
    : nanosOf(
        (all - read - written) * rates.input +
          read * rates.cacheRead +
          written * rates.cacheWrite +
          (usage.outputTokens ?? 0) * rates.output,
      );
};

/** Rounded up, so that a call is never counted for less than it costs. */
const nanosOf = (picos: number): number => Math.ceil(picos / 1_000);
