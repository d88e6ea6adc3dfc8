import { createHmac, timingSafeEqual } from "node:crypto";

/** Headers of a notification that is posted. */
export const deliveryHeaders = {
  /** `v1=` and the HMAC-SHA256 in hex of `timestamp.idempotency-key.body`. */
  signature: "plumbline-signature",
  /** When it was sent, in seconds since the Unix epoch. */
  timestamp: "plumbline-timestamp",
  /** The same at every try of a notification. */
  idempotencyKey: "idempotency-key",
} as const;

/** Seconds that a timestamp may be away from the reader's clock, either way: the window in which a replay is possible. */
const replayWindowSeconds = 300;

/** What a signature is made of. */
export interface Signed {
  readonly secret: string;
  /** Seconds since the Unix epoch, in decimal. */
  readonly timestamp: string;
  readonly idempotencyKey: string;
  readonly body: string;
}

/** The value of the signature's header. */
export const signatureOf = ({ secret, timestamp, idempotencyKey, body }: Signed): string =>
  `v1=${createHmac("sha256", secret).update(`${timestamp}.${idempotencyKey}.${body}`).digest("hex")}`;

/** Whether a signature is right and recent; a reader then still has to skip the idempotency keys that it has seen. */
export const isSignedBy = (signed: Signed & { readonly signature: string }, nowMs: number): boolean => {
  const ageSeconds = Math.abs(nowMs / 1_000 - Number(signed.timestamp));
  const [expected, given] = [signatureOf(signed), signed.signature].map((text) => Buffer.from(text));
  return (
    /^\d+$/.test(signed.timestamp) &&
    ageSeconds <= replayWindowSeconds &&
    expected !== undefined &&
    given !== undefined &&
    expected.length === given.length &&
    timingSafeEqual(expected, given)
  );
};
