import type { Refusal } from "../refusal.ts";
import type { KeyObstacle } from "./key-ring.ts";

/** How a call ends for which no key is left, and what its caller is told. */
export interface KeyFailure {
  readonly ending: { readonly outcome: "rate_limited" | "provider_error"; readonly errorType: string };
  readonly refusal: Refusal;
}

/** What it means for a call that no key of the only provider left can be used. */
export const keyFailure = ({ reason }: KeyObstacle, provider: string): KeyFailure => {
  const code = reason === "keys_busy" ? "provider.keys_busy" : "provider.keys_refused";
  const message =
    reason === "keys_busy"
      ? `Every key of the provider "${provider}" is at its limit.`
      : `The provider "${provider}" has refused every one of its keys.`;
  return {
    ending: { outcome: reason === "keys_busy" ? "rate_limited" : "provider_error", errorType: code },
    refusal: { code, message, param: null },
  };
};
