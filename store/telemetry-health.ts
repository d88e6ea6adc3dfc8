import { z } from "zod";
import type { TelemetryHealth, TrustLimits } from "./decide-trust.ts";
import { decideTrust } from "./decide-trust.ts";
import type { AnswerRow } from "./store.ts";

/** A count comes as decimal text from the engine. */
const count = z.coerce.number();
const seconds = z.number().nullable();

/** What `decideTrust` reads of the row that the SQL of `telemetry_health` returns. */
const healthRow = z.object({
  finished: count,
  missing: count,
  oldest_unstored_s: seconds,
  freshness_p99_s: seconds,
  clock_offset_s: seconds,
  gateways: count,
  silent_gateways: count,
  unheard_gateways: count,
});

/** Reads a row of `telemetry_health`; `asOfMs` is the end of the range that was asked for. */
export const readHealth = (row: AnswerRow, asOfMs: number): TelemetryHealth => {
  const read = healthRow.parse(row);
  return {
    asOfMs,
    finished: read.finished,
    missing: read.missing,
    oldestUnstoredS: read.oldest_unstored_s,
    freshnessP99S: read.freshness_p99_s,
    clockOffsetS: read.clock_offset_s,
    gateways: read.gateways,
    silentGateways: read.silent_gateways,
    unheardGateways: read.unheard_gateways,
  };
};

/** The row with whether it can be trusted, and the reason, in front. */
export const judgeHealth = (row: AnswerRow, limits: TrustLimits, asOfMs: number): AnswerRow => {
  const { isTrusted, reason } = decideTrust(readHealth(row, asOfMs), limits, asOfMs);
  return { trusted: isTrusted, reason, ...row };
};
