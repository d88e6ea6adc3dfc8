import { createHmac, timingSafeEqual } from "node:crypto";

/** The HMAC-SHA256 of a verdict's bytes, in hex: what `verdictSignatureHeader` of its record holds. */
export const signVerdict = (bytes: Uint8Array, key: string): string =>
  createHmac("sha256", key).update(bytes).digest("hex");

/** Whether the signature is the one that the key gives; an absent one is not. */
export const isVerdictSigned = (bytes: Uint8Array, signature: string | undefined, key: string): boolean => {
  if (signature === undefined) return false;
  const expected = Buffer.from(signVerdict(bytes, key), "latin1");
  const found = Buffer.from(signature, "latin1");
  return found.length === expected.length && timingSafeEqual(found, expected);
};
