import type { Timeouts } from "./call-limits.ts";
import type { ProviderFailure } from "./providers/provider.ts";
import type { Refusal } from "./refusal.ts";
import type { Ending } from "./relay.ts";

/** A call that did not end as it should: what its record says, and what its caller is told. */
export interface CallFailure {
  readonly ending: Ending;
  readonly refusal: Refusal;
}

/** What a provider's failure means for a call; `provider` is the name of its entry in the configuration. */
export const providerFailure = ({ kind, errorType }: ProviderFailure, provider: string): CallFailure => {
  switch (kind) {
    case "unreachable":
      return {
        ending: { outcome: "provider_error", errorType },
        refusal: refuse("provider.unreachable", `The provider "${provider}" could not be reached (${errorType}).`),
      };
    case "timeout":
      return {
        ending: { outcome: "timeout", errorType },
        refusal: refuse("provider.timeout", `The provider "${provider}" could not be reached in time.`),
      };
    case "cut":
      return { ending: { outcome: "upstream_cut", errorType }, refusal: cutRefusal };
  }
};

/** Which limit of a call has run out. */
export const timeoutFailure = (args: {
  readonly timeouts: Timeouts;
  /** The silence that is allowed between two chunks, in milliseconds. */
  readonly idleMs: number;
  /** Milliseconds since the call started. */
  readonly ageMs: number;
  readonly hasHead: boolean;
  /** Whether the route's limit for the first content has run out. */
  readonly isContentDue: boolean;
}): CallFailure => {
  const { headersMs, totalMs } = args.timeouts;
  if (args.ageMs >= totalMs) {
    return {
      ending: { outcome: "timeout", errorType: "total_timeout" },
      refusal: refuse("provider.timeout", `The call took longer than ${totalMs} ms.`),
    };
  }
  if (args.isContentDue) {
    return {
      ending: { outcome: "timeout", errorType: "content_timeout" },
      refusal: refuse("provider.timeout", "The provider sent no content in the time that the route allows."),
    };
  }
  if (!args.hasHead) {
    return {
      ending: { outcome: "timeout", errorType: "headers_timeout" },
      refusal: refuse("provider.timeout", `The provider sent nothing for ${headersMs} ms.`),
    };
  }
  return {
    ending: { outcome: "stalled", errorType: "idle_timeout" },
    refusal: refuse("provider.timeout", `The provider's answer stood still for ${args.idleMs} ms.`),
  };
};

const refuse = (code: Refusal["code"], message: string): Refusal => ({ code, message, param: null });

/** What a caller is told whose answer ended before it was complete. */
export const cutRefusal: Refusal = refuse("provider.cut", "The provider ended the answer before it was complete.");

/** A call that the gateway ends because it stops. */
export const drainFailure: CallFailure = {
  ending: { outcome: "interrupted", errorType: "gateway.draining" },
  refusal: refuse("gateway.draining", "This gateway is shutting down: send the call again."),
};
