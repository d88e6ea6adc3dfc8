import { hash, timingSafeEqual } from "node:crypto";
import type { Refusal } from "../refusal.ts";
import type { KeyTable, VirtualKey } from "./key-table.ts";
import type { CredentialCarrier } from "./read-credential.ts";
import { readCredential } from "./read-credential.ts";

/** Who calls, or why they may not; a null key is anybody, where no key is configured. */
export type KeyResult =
  | { readonly ok: true; readonly key: VirtualKey | null }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Checks the key that a request carries. Its hash is what is looked up and compared, so that the time taken
 * tells nothing of a key: whoever chooses a credential cannot choose the beginning of its hash. One round of SHA-256 is
 * enough, because a key has 256 random bits and no dictionary holds it.
 */
export const checkKey = (table: KeyTable, carrier: CredentialCarrier, nowMs: number): KeyResult => {
  if (table.size === 0) {
    return { ok: true, key: null };
  }
  const credential = readCredential(carrier);
  if (credential === null) {
    return refuse("This gateway needs a key: send it as `authorization: Bearer KEY`.");
  }
  const key = findKey(table, credential);
  if (key === null) {
    return refuse("The key is not known here.");
  }
  if (key.isDisabled) {
    return refuse(`The key "${key.id}" is disabled.`);
  }
  return key.expiresAtMs !== null && key.expiresAtMs <= nowMs
    ? refuse(`The key "${key.id}" has expired.`)
    : { ok: true, key };
};

const findKey = (table: KeyTable, credential: string): VirtualKey | null => {
  const hex = hash("sha256", credential, "hex");
  const key = table.get(hex);
  return key !== undefined && timingSafeEqual(key.digest, Buffer.from(hex, "hex")) ? key : null;
};

const refuse = (message: string): KeyResult => ({
  ok: false,
  refusal: { code: "key.invalid", message, param: null },
});
