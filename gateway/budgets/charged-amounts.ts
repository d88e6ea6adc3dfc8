import type { TokenPrices } from "../../core/token-prices.ts";
import type { ChargedEnd } from "./charge-of.ts";
import { chargeOf } from "./charge-of.ts";
import type { Reservation } from "./reserve.ts";
import { usageNanos } from "./token-prices.ts";

/** What a call or an attempt is charged when it is over: nano-dollars and tokens. */
export const chargedAmounts = (
  end: ChargedEnd,
  { reserved }: Reservation,
  prices: TokenPrices | undefined,
): { readonly nanos: number; readonly tokens: number } => {
  switch (chargeOf(end)) {
    case "nothing":
      return { nanos: 0, tokens: 0 };
    case "reserved":
      return reserved;
    case "usage":
      return {
        nanos: prices === undefined ? 0 : usageNanos(prices, end.usage),
        tokens: (end.usage.inputTokens ?? 0) + (end.usage.outputTokens ?? 0),
      };
  }
};
