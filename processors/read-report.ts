import type { CensusReport } from "../core/census.ts";
import { censusReport } from "../core/census.ts";
import { messageOf } from "../core/errors.ts";

/** A report, or why a record is none. */
export type ReadReport =
  | { readonly kind: "report"; readonly report: CensusReport }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads the report of a gateway from the bytes of a record. */
export const readReport = (bytes: Uint8Array): ReadReport => {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return { kind: "unreadable", reason: messageOf(error) };
  }
  const parsed = censusReport.safeParse(value);
  if (parsed.success) {
    return { kind: "report", report: parsed.data };
  }
  const [issue] = parsed.error.issues;
  return { kind: "unreadable", reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "no report"}` };
};

const utf8 = new TextDecoder("utf-8", { fatal: true });
