import type { MeasuredMinute, MeasuredSeries } from "../core/evidence.ts";
import { measuresByHourTable } from "./catalogue-hours.ts";
import { countCell, minuteCell } from "./cells.ts";
import { insertOnOneShard } from "./insert-on-one-shard.ts";
import type { TimeSpan } from "./read-measures.ts";
import { measuredRows } from "./read-measures.ts";
import type { SqlClient } from "./sql-client.ts";

/** Names a model on a route, whatever the measure. */
export type MeasuredFamily = Omit<MeasuredSeries, "measure">;

const secondsOf = (ms: number): string => String(Math.floor(ms / 1000));

/** What was measured in the hours of a span of time, added up from their minutes; versions of a prompt together, probes apart. */
export const sumHours = async (sql: SqlClient, { fromMs, toMs }: TimeSpan): Promise<readonly MeasuredMinute[]> =>
  measuredRows(
    await sql.select(
      `SELECT r.tenant AS tenant, r.route AS route, r.variant AS variant, r.model AS model, r.measure AS measure,
  if(r.prompt = 'probe', 'probe', '') AS series_prompt, toUnixTimestamp(toStartOfHour(r.minute)) AS start_s,
  sum(r.n) AS n, sum(r.sum_milli) AS sum_milli, sumMap(r.bins) AS bins
FROM measures_1m AS r
WHERE r.minute >= toDateTime({from:UInt32}) AND r.minute < toDateTime({to:UInt32})
GROUP BY tenant, route, variant, model, measure, series_prompt, start_s
HAVING n > 0
ORDER BY start_s, tenant, route, variant, model, measure, series_prompt`,
      { from: secondsOf(fromMs), to: secondsOf(toMs) },
    ),
  );

/** Saves what was measured in an hour; saving the same hour again changes nothing. */
export const saveHour = async (sql: SqlClient, measured: readonly MeasuredMinute[]): Promise<void> => {
  const [first] = measured;
  if (first === undefined) {
    return;
  }
  await insertOnOneShard(sql, {
    table: measuresByHourTable,
    rows: measured.map((hour) => [
      minuteCell(BigInt(hour.minuteMs) * 1_000_000n),
      ...[hour.tenant, hour.route, hour.variant, hour.model, hour.measure, hour.prompt],
      countCell(hour.n),
      Math.round(hour.sum * 1000),
      Object.fromEntries([...hour.bins].map(([bin, count]) => [String(bin), count])),
    ]),
    token: `${measuresByHourTable.name}:${first.minuteMs}`,
  });
};

/** The saved hours of all measures of a model on a route, in their order. */
export const readHours = async (
  sql: SqlClient,
  { fromMs, toMs }: TimeSpan,
  { tenant, route, variant, model, prompt }: MeasuredFamily,
): Promise<readonly MeasuredMinute[]> =>
  measuredRows(
    await sql.select(
      `SELECT tenant, route, variant, model, measure, prompt AS series_prompt, toUnixTimestamp(hour) AS start_s, sum(n) AS n,
  sum(sum_milli) AS sum_milli, sumMap(bins) AS bins
FROM measures_1h
WHERE hour >= toDateTime({from:UInt32}) AND hour < toDateTime({to:UInt32}) AND tenant = {tenant:String}
  AND route = {route:String} AND variant = {variant:String} AND model = {model:String} AND prompt = {prompt:String}
GROUP BY tenant, route, variant, model, measure, series_prompt, start_s
ORDER BY start_s, measure`,
      { from: secondsOf(fromMs), to: secondsOf(toMs), tenant, route, variant, model, prompt },
    ),
  );
