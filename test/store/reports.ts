import type { CensusCount, CensusReport } from "../../core/census.ts";
import type { ReceivedReport } from "../../store/store.ts";
import { mondayMs } from "./batches.ts";

/** A count of the gateway of `callAt`'s calls, `minute` minutes after `mondayMs`, whose last call finished `lastS` seconds after. */
export const countOf = (
  finished: number,
  more: Partial<CensusCount> & { readonly lastS?: number } = {},
): CensusCount => {
  const { lastS = 0, ...members } = more;
  return {
    minute: mondayMs / 1_000,
    tenant: "acme",
    route: "chat",
    finished,
    lastFinishedAtMs: mondayMs + lastS * 1_000,
    ...members,
  };
};

/** A report that `gateway-1` made `atS` seconds after `mondayMs` and that was read `delayMs` later. */
export const reportAt = (
  atS: number,
  more: Partial<CensusReport> & { readonly delayMs?: number } = {},
): ReceivedReport => {
  const { delayMs = 20, ...members } = more;
  const reportedAtMs = mondayMs + atS * 1_000;
  const counts = members.counts ?? [];
  return {
    receivedAtMs: reportedAtMs + delayMs,
    report: {
      version: 1,
      gatewayId: "gateway-1",
      reportedAtMs,
      everyMs: 2_000,
      isLast: false,
      finished: counts.reduce((sum, { finished }) => sum + finished, 0),
      waiting: 0,
      oldestWaitingMs: null,
      ...members,
      counts,
    },
  };
};
