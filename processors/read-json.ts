import type { z } from "zod";
import { messageOf } from "../core/errors.ts";

/** What a record says, or why it says nothing that can be used. */
export type ReadJson<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads a value of some form from the bytes of a record, JSON in UTF-8. */
export const readJson = <T>(schema: z.ZodType<T>, bytes: Uint8Array): ReadJson<T> => {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return { kind: "unreadable", reason: messageOf(error) };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return { kind: "read", value: parsed.data };
  }
  const [issue] = parsed.error.issues;
  return { kind: "unreadable", reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "of another form"}` };
};

const utf8 = new TextDecoder("utf-8", { fatal: true });
