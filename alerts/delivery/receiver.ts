import type { ErrorCode } from "../../core/errors.ts";
import type { Notification } from "./group.ts";
import type { ReceiverTraits } from "./policy.ts";

/**
 * What came of one try.
 *
 * - `sent`: it has arrived
 * - `retry`: it may arrive later; `afterMs` is how long the receiver asked to be left alone, null when it did not say
 * - `refused`: the same will be refused again
 */
export type SendResult =
  | { readonly kind: "sent" }
  | { readonly kind: "retry"; readonly code: ErrorCode; readonly says: string; readonly afterMs: number | null }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly says: string };

/** Somebody or something that is told. */
export interface Receiver extends ReceiverTraits {
  /** Tries once; it never rejects. The same notification has the same idempotency key at every try. */
  readonly send: (notification: Notification) => Promise<SendResult>;
  /** Lets go of connections. */
  readonly close: () => void;
}

/** What came of a try, when it was no failure. */
export const sent: SendResult = { kind: "sent" };
