import type { Usage } from "../../core/usage.ts";
import type { Ending } from "../relay.ts";

/** How a call ended, as far as its cost is concerned. */
export interface ChargedEnd {
  readonly ending: Ending;
  /** Of the provider's answer; null when none came. */
  readonly httpStatus: number | null;
  readonly usage: Usage;
}

/**
 * What a call is charged: by its token counts; nothing when the provider refused it or was never reached, which no provider
 * bills; and when nobody knows, as after a timeout, all that was reserved.
 */
export const chargeOf = ({ ending, httpStatus, usage }: ChargedEnd): "usage" | "nothing" | "reserved" => {
  if (usage.source !== "none") {
    return "usage";
  }
  const isRefused = httpStatus === null ? ending.outcome === "provider_error" : httpStatus >= 400;
  return isRefused ? "nothing" : "reserved";
};
