import { createHash } from "node:crypto";

const plain = /^[A-Za-z0-9._-]{1,120}$/;

/**
 * Maps any text to one that a storage key can hold: itself when it is short and plain, else `#` and its SHA-256 in hex.
 * Storage keys are limited in length and cannot hold a null character.
 */
export const keyPart = (text: string): string =>
  plain.test(text) ? text : `#${createHash("sha256").update(text).digest("hex")}`;
