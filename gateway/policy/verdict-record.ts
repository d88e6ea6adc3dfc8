import type { Verdict } from "../../core/verdict.ts";
import { verdict } from "../../core/verdict.ts";
import { isVerdictSigned } from "../../core/verdict-signature.ts";

/** A verdict as it was signed: the bytes, and the signature in hex; absent when there is none. */
export interface SignedBytes {
  readonly value: Uint8Array;
  readonly signature: string | undefined;
}

/** The verdict of a record, or why it is none that may be obeyed. */
export type VerdictReading =
  | { readonly ok: true; readonly verdict: Verdict }
  | { readonly ok: false; readonly reason: "forged" | "unreadable" };

/** Reads a record of `plumbline.verdicts`. Bytes that were not signed with the key are not even parsed; without a key none are. */
export const readVerdict = ({ value, signature }: SignedBytes, key: string | null): VerdictReading => {
  if (key === null || !isVerdictSigned(value, signature, key)) return { ok: false, reason: "forged" };
  try {
    const parsed = verdict.safeParse(JSON.parse(Buffer.from(value).toString("utf8")));
    return parsed.success ? { ok: true, verdict: parsed.data } : { ok: false, reason: "unreadable" };
  } catch {
    return { ok: false, reason: "unreadable" };
  }
};
