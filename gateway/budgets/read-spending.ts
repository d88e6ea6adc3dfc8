import { spendingReport } from "../../core/spending.ts";
import { parseJson } from "../parse-json.ts";
import type { SpentTotal } from "./spent-totals.ts";
import { windowStart } from "./window.ts";

/** The totals of a record of the topic; null when it is no report. */
export const readSpending = (value: Uint8Array): readonly SpentTotal[] | null => {
  const parsed = spendingReport.safeParse(parseJson(Buffer.from(value)));
  if (!parsed.success) {
    return null;
  }
  const { gatewayId, window, startMs, totals } = parsed.data;
  return windowStart(window, startMs) === startMs
    ? totals.map(({ of, nanos }) => ({ gatewayId, window, startMs, of, nanos }))
    : null;
};
