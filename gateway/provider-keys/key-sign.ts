import { failureClass } from "../attempts/failure-class.ts";
import type { AttemptEnd } from "../call-recorder.ts";
import type { Sign } from "../health/breaker.ts";
import type { LeaseEnd } from "./key-lease.ts";

/** What the end of an attempt says of its key; `retryAtMs` is when the provider may be asked again, null when it does not say. */
export const leaseEnd = (end: AttemptEnd, retryAtMs: number | null): LeaseEnd => {
  const failure = isFailure(end) ? failureClass(end) : null;
  return { sign: signOfKey(end, failure), isLimited: failure === "rate_limit", retryAtMs, tokens: tokensOf(end) };
};

/** Somebody else's doing says nothing: an attempt that its caller gave up, or that was over budget. */
const isFailure = ({ outcome }: AttemptEnd): boolean =>
  outcome === "provider_error" || outcome === "rate_limited" || outcome === "upstream_cut";

/** Whoever answers anything but that the key or its account will not do has taken the key. */
const signOfKey = ({ httpStatus }: AttemptEnd, failure: ReturnType<typeof failureClass> | null): Sign => {
  if (failure === "key" || failure === "account") return "failing";
  return httpStatus === null || httpStatus >= 500 ? "unknown" : "well";
};

/** An answer that is an error takes no tokens, and neither does a provider that was not reached. */
const tokensOf = ({ httpStatus, outcome, usage }: AttemptEnd): number | null => {
  if (httpStatus === null) return outcome === "provider_error" ? 0 : null;
  if (httpStatus >= 400) return 0;
  const { inputTokens, outputTokens } = usage;
  return inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);
};
