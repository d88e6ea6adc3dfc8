/** Prices in pico-dollars per token, which is what micro-dollars per million tokens are. */
interface TokenRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** The prices of one model. */
export interface TokenPrices {
  /** Rates by the input tokens of a call from which on they hold, ascending; the first from 0. */
  readonly steps: readonly (TokenRates & { readonly fromTokens: number })[];
  /** Most tokens that the model takes; null when not known. */
  readonly contextWindow: number | null;
}
