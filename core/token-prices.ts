import type { ServiceTier } from "./service-tier.ts";
import type { PerBucket } from "./token-buckets.ts";

/** Prices in pico-dollars per token, which is what micro-dollars per million tokens are. */
export interface PriceStep extends PerBucket {
  /** Input tokens of a call from which on the prices hold for all of it. */
  readonly fromTokens: number;
}

/** The prices of one model. */
export interface TokenPrices {
  /** Ascending; the first from 0. */
  readonly steps: readonly PriceStep[];
  /** The same of the tiers that have a known price of their own. */
  readonly tiers: Readonly<Partial<Record<ServiceTier, readonly PriceStep[]>>>;
  /** Most tokens that the model takes; null when not known. */
  readonly contextWindow: number | null;
}
