import type { KeyRing } from "../provider-keys/key-ring.ts";
import type { FailureClass } from "./failure-class.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import { retryAfterMs } from "./retry-after.ts";

/**
 * How long the provider wants to be left alone after an attempt that was lost, in milliseconds; null where it does not say. A
 * key that its provider limits rests for a while even then.
 */
export const waitOf = (
  { headers }: LiveAttempt,
  failure: FailureClass,
  { ring, nowMs }: { readonly ring: KeyRing | undefined; readonly nowMs: number },
): number | null => {
  const askedMs = retryAfterMs(headers, nowMs);
  if (ring === undefined || failure !== "rate_limit") return askedMs;
  // A timer may fire a millisecond early, and the key would still rest then.
  return (askedMs ?? ring.limitedMs) + 1;
};
