import type { ArmTally } from "../core/arms.ts";
import { startLagMs } from "../core/arms.ts";
import { armConditions, hasCaller, isAnswer, timeParameter } from "./arm-sql.ts";
import { armTally, withRated } from "./arm-tally.ts";
import { binsOf } from "./catalogue-rollup.ts";
import { msText } from "./cells.ts";
import { ratedCalls } from "./rated-sql.ts";
import { hasFacts, ratedArm } from "./read-rated.ts";
import type { SqlClient } from "./sql-client.ts";
import type { UnitSpan } from "./store.ts";

/** A unit's numbers are means over the calls that were stored in its first minutes, once these are over. */
const firstMinutes = 10;

const columns = { user: "c.user_hash", session: "c.session_id" } as const;

const conditions = Object.entries(armConditions);

const isIn = (time: string): string => `${time} >= ${timeParameter("from")} AND ${time} < ${timeParameter("to")}`;

const isEarly = `c.ingested_at < u.first + toIntervalMinute(${firstMinutes})`;

const isOver = `first + toIntervalMinute(${firstMinutes}) >= ${timeParameter("from")} AND first + toIntervalMinute(${firstMinutes}) < ${timeParameter("to")}`;

const ofRoute = (unit: string): string => `c.route = {route:String} AND ${unit} IS NOT NULL AND ${unit} != ''
      AND c.minute >= toStartOfMinute(${timeParameter("since")}) AND c.started_at >= ${timeParameter("since")}
      AND c.ingested_at < ${timeParameter("to")} AND ${hasCaller}`;

/** The units that were seen lately, each with the target of its first call since the trial began. */
const units = (unit: string): string => `SELECT assumeNotNull(${unit}) AS unit,
      argMin(c.variant, (c.ingested_at, c.started_at)) AS variant, min(c.ingested_at) AS first, min(c.started_at) AS begun
    FROM calls AS c
    WHERE ${ofRoute(unit)}
    GROUP BY unit
    HAVING max(c.ingested_at) >= ${timeParameter("lately")}
      AND begun >= ${timeParameter("begun_from")} AND begun < ${timeParameter("begun_until")}`;

const outcomes = (
  unit: string,
): string => `SELECT u.unit AS unit, u.variant AS variant, any(u.first) AS first, any(u.begun) AS begun,
    ${conditions.map(([name, condition]) => `minIf(c.ingested_at, ${condition}) AS ${name}_at`).join(",\n    ")},
    avgIf(c.ttft_ms, ${isEarly}) AS ttft,
    avgIf(toNullable(c.duration_ms), ${isAnswer} AND ${isEarly}) AS duration,
    avgIf(c.output_tokens, ${isAnswer} AND ${isEarly}) AS tokens,
    sumIf(c.cost_nanos, ${isEarly}) AS cost,
    countIf(isNotNull(c.cost_nanos) AND ${isEarly}) AS priced,
    countIf(isNotNull(c.cost_nanos) AND ${isAnswer} AND ${isEarly}) AS priced_answers
  FROM (
    SELECT c.*, assumeNotNull(${unit}) AS unit
    FROM calls AS c
    WHERE ${ofRoute(unit)}
  ) AS c
  INNER JOIN (
    ${units(unit)}
  ) AS u ON u.unit = c.unit AND u.variant = c.variant
  GROUP BY u.unit, u.variant`;

const tallies = (unit: string): string => `SELECT {route:String} AS route, variant, countIf(${isIn("first")}) AS calls,
  countIf(begun >= ${timeParameter("start")} AND begun < ${timeParameter("until")}) AS started,
  ${conditions.map(([name]) => `countIf(${isIn(`${name}_at`)}) AS ${name}`).join(",\n  ")},
  ${binsOf("ttft", isOver)} AS ttft_ms,
  ${binsOf("duration", isOver)} AS duration_ms,
  ${binsOf("tokens", isOver)} AS output_tokens,
  ${binsOf("if(priced_answers > 0, cost / priced_answers, NULL)", isOver)} AS answer_cost_nanos,
  ${binsOf("if(priced_answers = 0 AND priced > 0, cost / priced, NULL)", isOver)} AS other_cost_nanos
FROM (
  ${outcomes(unit)}
)
GROUP BY variant
ORDER BY variant`;

const ratedUnits = (unit: string): string => `SELECT {route:String} AS route, variant,
  countIf(${isIn("rated_at")}) AS rated, countIf(${isIn("bad_at")}) AS bad_rated
FROM (
  SELECT u.unit AS unit, u.variant AS variant, min(r.known) AS rated_at, minIf(r.known, r.is_bad) AS bad_at
  FROM (
    ${ratedCalls(`ifNull(${unit}, '')`)}
  ) AS r
  INNER JOIN (
    ${units(unit)}
  ) AS u ON u.unit = r.unit AND u.variant = r.variant
  WHERE r.route = {route:String}
  GROUP BY u.unit, u.variant
)
GROUP BY variant
ORDER BY variant`;

/**
 * What came of the units of a route in a span of time, by the target of each one's first call since the trial began. A unit counts
 * when it first comes, in each other number with its first such call, and in histograms with the mean of its first minutes; calls
 * that another target took, after shares were changed, are not its own. The cost of a unit is what one of its answers cost.
 */
export const readUnitArms = async (sql: SqlClient, span: UnitSpan): Promise<readonly ArmTally[]> => {
  const { fromMs, toMs, sinceMs, route, unit } = span;
  const column = columns[unit];
  const parameters = {
    route,
    since: msText(sinceMs),
    from: msText(fromMs),
    to: msText(toMs),
    start: msText(Math.max(sinceMs, fromMs - startLagMs)),
    until: msText(Math.max(sinceMs, toMs - startLagMs)),
    begun_from: msText(span.begunFromMs),
    begun_until: msText(span.begunUntilMs),
    lately: msText(fromMs - firstMinutes * 60_000),
  };
  const rows = await sql.select(tallies(column), parameters);
  const earliest = String(Math.floor(sinceMs / 60_000) * 60);
  const isRated = await hasFacts(sql, { earliest, to: parameters.to });
  const rated = isRated ? await sql.select(ratedUnits(column), { ...parameters, earliest }) : [];
  return withRated(rows.map(armTally), rated.map(ratedArm));
};
