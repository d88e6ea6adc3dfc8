import { createHash } from "node:crypto";

/** The entry of `gateway.keys` for a key. */
export const keyEntry = (key: string, more: object = {}): object => ({
  id: key,
  sha256: createHash("sha256").update(key).digest("hex"),
  ...more,
});
