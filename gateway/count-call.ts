import type { Outcome } from "../core/outcomes.ts";
import type { CallRecordArgs } from "./call-record.ts";

/** What of a call that has ended is counted; times are milliseconds. */
export interface CountedCall {
  readonly outcome: Outcome;
  /** Null when no content came. */
  readonly ttftMs: number | null;
  /** By how much the gateway has made the call longer. */
  readonly overheadMs: number;
}

/** Counts a call that has ended; a shadow apart, for no caller has waited for it. */
export const countCall = (
  { plan, meter, isShadow }: Pick<CallRecordArgs, "plan" | "meter" | "isShadow">,
  { outcome, ttftMs, overheadMs }: CountedCall,
): void => {
  const route = plan.route.name;
  meter.add(isShadow ? "gatewayShadows" : "gatewayCalls", 1, { route, outcome });
  if (isShadow) return;
  meter.observe("gatewayOverhead", overheadMs / 1_000);
  if (ttftMs !== null) meter.observe("gatewayTtft", ttftMs / 1_000, { route });
};
