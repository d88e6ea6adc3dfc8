import { z } from "zod";
import type { Evidence, MeasuredMinute, StratumBin } from "../core/evidence.ts";
import type { SqlClient } from "./sql-client.ts";
import type { AnswerRow } from "./store.ts";
import { readStrataKey } from "./strata-sql.ts";

/** A span of time, in milliseconds since the Unix epoch: from the first up to, not with, the second. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const name = z.string();
const series = { tenant: name, route: name, variant: name, model: name, measure: name, prompt: name };

const measuredRow = z.object({
  ...{ tenant: name, route: name, variant: name, model: name, measure: name },
  /** The prompt of the series, which may stand for several of the table. */
  series_prompt: name,
  start_s: z.coerce.number(),
  n: z.coerce.number(),
  sum_milli: z.coerce.number(),
  bins: z.record(z.string(), z.coerce.number()),
  strata: z.record(z.string(), z.coerce.number()).optional(),
});

/** What was measured in the minutes of a span of time, in their order. */
export const readMeasures = async (sql: SqlClient, { fromMs, toMs }: TimeSpan): Promise<readonly MeasuredMinute[]> => {
  const rows = await sql.select(
    `SELECT r.tenant AS tenant, r.route AS route, r.variant AS variant, r.model AS model, r.measure AS measure,
  r.prompt AS series_prompt, toUnixTimestamp(r.minute) AS start_s, sum(r.n) AS n, sum(r.sum_milli) AS sum_milli, sumMap(r.bins) AS bins,
  sumMap(r.strata) AS strata
FROM measures_1m AS r
WHERE r.minute >= toDateTime({from:UInt32}) AND r.minute < toDateTime({to:UInt32})
GROUP BY tenant, route, variant, model, measure, series_prompt, start_s
HAVING n > 0
ORDER BY start_s, tenant, route, variant, model, measure, series_prompt`,
    { from: String(Math.floor(fromMs / 1000)), to: String(Math.floor(toMs / 1000)) },
  );
  return measuredRows(rows);
};

/** The rows of an answer of what was measured. */
export const measuredRows = (rows: readonly AnswerRow[]): readonly MeasuredMinute[] =>
  rows.map((row) => {
    const { start_s, series_prompt, n, sum_milli, bins, strata, ...of } = measuredRow.parse(row);
    return {
      ...of,
      ...(strata === undefined || Object.keys(strata).length === 0 ? {} : { strata: strataOf(strata) }),
      prompt: series_prompt,
      minuteMs: start_s * 1000,
      n,
      sum: sum_milli / 1000,
      bins: new Map(Object.entries(bins).map(([bin, count]) => [Number(bin), count])),
    };
  });

const strataOf = (counts: Readonly<Record<string, number>>): readonly StratumBin[] =>
  Object.entries(counts).map(([key, count]) => ({ ...readStrataKey(Number(key)), count }));

const evidenceRow = z.object({
  ...series,
  minute_s: z.coerce.number(),
  status: z.enum(["learning", "watching", "alarm"]),
  log_bound: z.coerce.number(),
  reference: z.string(),
  log_evidence: z.coerce.number(),
  current_n: z.coerce.number(),
  current_mean: z.coerce.number().nullable(),
  baseline_n: z.coerce.number(),
  baseline_mean: z.coerce.number().nullable(),
  says: z.string(),
  state: z.string(),
});

/** Where each test of a detector stood last, as far as it saw calls in the last `days` days. */
export const readEvidence = async (
  sql: SqlClient,
  { detector, days }: { readonly detector: string; readonly days: number },
): Promise<readonly Evidence[]> => {
  const rows = await sql.select(
    `SELECT tenant, route, variant, model, measure, prompt, toUnixTimestamp(minute) AS minute_s, status, log_bound, reference,
  log_evidence, current_n, current_mean, baseline_n, baseline_mean, says, state
FROM evidence
WHERE detector = {detector:String} AND minute > now() - toIntervalDay({days:UInt32})
ORDER BY minute DESC
LIMIT 1 BY tenant, route, variant, model, measure, prompt`,
    { detector, days: String(days) },
  );
  return rows.map((row) => {
    const found = evidenceRow.parse(row);
    const { tenant, route, variant, model, measure, prompt, status, reference, says, state } = found;
    return {
      ...{ tenant, route, variant, model, measure, prompt, status, reference, says, state },
      minuteMs: found.minute_s * 1000,
      logEvidence: found.log_evidence,
      logBound: found.log_bound,
      current: { n: found.current_n, mean: found.current_mean },
      baseline: { n: found.baseline_n, mean: found.baseline_mean },
    };
  });
};
