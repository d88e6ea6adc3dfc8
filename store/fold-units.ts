import { z } from "zod";
import type { Ids } from "../core/ids.ts";
import { armConditions, hasCaller, timeParameter } from "./arm-sql.ts";
import { trialUnitsTable } from "./catalogue-units.ts";
import { msCell, msText, timeCell } from "./cells.ts";
import { insertOnOneShard } from "./insert-on-one-shard.ts";
import { toldCalls } from "./rated-sql.ts";
import { hasFacts } from "./read-rated.ts";
import type { Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";
import type { AnswerRow, UnitSpan } from "./store.ts";

/** Users or sessions that are counted together. */
export type UnitTrial = Pick<UnitSpan, "route" | "unit" | "sinceMs">;

/** What units are taken in with. */
export interface FoldDeps {
  readonly sql: SqlClient;
  readonly ids: Ids;
}

/** The column of a call that names its user or session. */
export const unitColumns = { user: "c.user_hash", session: "c.session_id" } as const;

/** Most of the time of storage that is taken in with one insert, in seconds: it bounds the rows that pass through here. */
const longestSeconds = 3_600;
/** Time of storage that is taken in once more, in milliseconds, for rows that were readable late. It changes no row that was in time. */
const overlapMs = 60_000;
/** Calls that take longer are not found by when they were stored: a bound on what must be looked through. */
const longestCallMs = 86_400_000;

/** The calls of a trial that have a unit. Parameters: `route`, `since`. */
export const callsOfTrial = (
  unit: string,
): string => `c.route = {route:String} AND ${unit} IS NOT NULL AND ${unit} != ''
      AND c.minute >= toStartOfMinute(${timeParameter("since")}) AND c.started_at >= ${timeParameter("since")} AND ${hasCaller}`;

const isStored = `ingested_at >= ${timeParameter("from")} AND ingested_at < ${timeParameter("to")}`;

const milli = (time: string): string => `toUnixTimestamp64Milli(${time})`;
const nano = (time: string): string => `toUnixTimestamp64Nano(${time})`;

const seenUnits = (unit: string): string => `SELECT assumeNotNull(${unit}) AS unit, c.variant AS variant,
  min((c.ingested_at, c.started_at)) AS at, (${milli("at.1")}, ${nano("at.2")}) AS first, ${nano("min(c.started_at)")} AS begun,
  ${Object.entries(armConditions)
    .map(([name, condition]) => `${milli(`minOrNullIf(c.ingested_at, ${condition})`)} AS ${name}_at`)
    .join(",\n  ")}
FROM calls AS c
WHERE ${callsOfTrial(unit)} AND c.minute >= toDateTime({stored_from:UInt32})
  AND ${isStored}
GROUP BY unit, variant`;

const toldUnits = (unit: string): string => `SELECT unit, variant, min((ingested_at, started_at)) AS at,
  (${milli("at.1")}, ${nano("at.2")}) AS first, ${nano("min(started_at)")} AS begun,
  ${milli("min(known)")} AS rated_at, ${milli("minOrNullIf(known, is_bad)")} AS bad_rated_at
FROM (
  ${toldCalls({ unit: `assumeNotNull(${unit})`, where: callsOfTrial(unit) })}
)
GROUP BY unit, variant`;

/**
 * Takes in what was stored of the units of a trial until then: when each was first seen with each target, and when what it is
 * compared by first came. Firsts are minima, so that taking a span in again changes nothing, whoever does so; what was lost is
 * gathered anew from the calls.
 */
export const foldUnits = async ({ sql, ids }: FoldDeps, trial: UnitTrial, toMs: number): Promise<void> => {
  let folded = await foldedUntil(sql, trial);
  for (const untilMs of await borders(sql, trial, { fromMs: folded ?? 0, untilMs: toMs })) {
    const rows = await foldedRows(sql, trial, { fromMs: Math.max(0, (folded ?? 0) - overlapMs), untilMs });
    await insertOnOneShard(sql, { table: trialUnitsTable, rows, token: `units:${ids.next()}` });
    folded = untilMs;
  }
};

/** Where the parts end in which a span is taken in: a part for each hour in which something was stored. */
const borders = async (sql: SqlClient, trial: UnitTrial, { fromMs, untilMs }: FoldSpan): Promise<readonly number[]> => {
  if (untilMs - fromMs <= longestSeconds * 1_000) {
    return untilMs > fromMs ? [untilMs] : [];
  }
  const hour = `toUnixTimestamp(toStartOfInterval(ingested_at, toIntervalSecond(${longestSeconds})))`;
  const hours = await sql.select(
    `SELECT DISTINCT hour FROM (
  SELECT ${hour} AS hour FROM calls AS c WHERE ${callsOfTrial(unitColumns[trial.unit])} AND ${isStored}
  UNION ALL
  SELECT ${hour} AS hour FROM feedback AS f WHERE ${isStored}
)
ORDER BY hour`,
    { ...trialParameters(trial), from: msText(fromMs), to: msText(untilMs) },
  );
  const ends = hours.map((row) => (Number(row["hour"]) + longestSeconds) * 1_000);
  return [...ends.filter((end) => end < untilMs), untilMs];
};

/** Which rows of the table belong to a trial. */
export const isOfTrial = `t.route = {route:String} AND t.unit_kind = {unit:String} AND t.since = ${timeParameter("since")}`;

/** The parameters that name a trial. */
export const trialParameters = ({ route, unit, sinceMs }: UnitTrial) => ({ route, unit, since: msText(sinceMs) });

const foldedUntil = async (sql: SqlClient, trial: UnitTrial): Promise<number | null> => {
  const [row] = await sql.select(
    `SELECT toUnixTimestamp64Milli(max(t.until)) AS until, count() AS n FROM trial_units AS t WHERE ${isOfTrial} AND t.unit = ''`,
    trialParameters(trial),
  );
  return row === undefined || Number(row["n"]) === 0 ? null : Number(row["until"]);
};

interface FoldSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

const foldedRows = async (sql: SqlClient, trial: UnitTrial, { fromMs, untilMs }: FoldSpan): Promise<readonly Row[]> => {
  const column = unitColumns[trial.unit];
  const parameters = {
    ...trialParameters(trial),
    from: msText(fromMs),
    to: msText(untilMs),
    stored_from: String(Math.floor(Math.max(0, fromMs - longestCallMs) / 1_000)),
    earliest: String(Math.floor(trial.sinceMs / 60_000) * 60),
  };
  const seen = await sql.select(seenUnits(column), parameters);
  const isTold = await hasFacts(sql, parameters);
  const told = isTold ? await sql.select(toldUnits(column), parameters) : [];
  const since = msCell(trial.sinceMs);
  // In the same insert as the others: who finds it finds them.
  const sinceNs = timeCell(BigInt(since) * 1_000_000n);
  const marker: AnswerRow = { unit: "", variant: "", first: [String(since), String(sinceNs)], begun: String(sinceNs) };
  return [marker, ...seen, ...told].map((each) => [
    trial.route,
    trial.unit,
    since,
    ...unitCells(unitRow.parse(each)),
    ...times.map((name) => ticks.nullable().parse(each[name] ?? null)),
    msCell(untilMs),
  ]);
};

const times = trialUnitsTable.columns.map(({ name }) => name).filter((name) => name.endsWith("_at"));

/** A time as whole milliseconds or nanoseconds: the engine tells 64 bits as text. */
const ticks = z.string().transform(BigInt);

const unitRow = z.object({ unit: z.string(), variant: z.string(), first: z.tuple([ticks, ticks]), begun: ticks });

const unitCells = ({ unit, variant, first, begun }: z.infer<typeof unitRow>): Row => [unit, variant, first, begun];
