import type { ArmTally } from "../core/arms.ts";
import { startLagMs } from "../core/arms.ts";
import { armConditions, isAnswer, timeParameter } from "./arm-sql.ts";
import { armTally, withRated } from "./arm-tally.ts";
import { binsOf } from "./catalogue-rollup.ts";
import { msText } from "./cells.ts";
import { callsOfTrial, isOfTrial, trialParameters, unitColumns } from "./fold-units.ts";
import { ratedArm } from "./read-rated.ts";
import type { SqlClient } from "./sql-client.ts";
import type { UnitSpan } from "./store.ts";

/** A unit's numbers are means over the calls that were stored in its first minutes, once these are over. */
const firstMinutes = 10;

const events = [...Object.keys(armConditions), "rated", "bad_rated"];

const isIn = (time: string): string => `${time} >= ${timeParameter("from")} AND ${time} < ${timeParameter("to")}`;

const isEarly = `c.ingested_at < u.first + toIntervalMinute(${firstMinutes})`;

const isOver = isIn(`first + toIntervalMinute(${firstMinutes})`);

const isStarted = `begun >= ${timeParameter("start")} AND begun < ${timeParameter("until")}`;

/** Whether a row of `trial_units AS t` may be of a unit of which something is to be counted, or whose first minutes are. */
const mayCount = [
  ...events.map((name) => isIn(`t.${name}_at`)),
  `t.first.1 >= ${timeParameter("lately")} AND t.first.1 < ${timeParameter("to")}`,
  `t.begun >= ${timeParameter("start")} AND t.begun < ${timeParameter("until")}`,
].join(" OR ");

/**
 * The units of a trial whose first call began in a span, each with the target of that call and what first came of the two; those of
 * which nothing is to be counted are left out, for they are nearly all.
 */
const units = `SELECT unit, min(first_of).1 AS first, min(begun_of) AS begun,
      argMin((variant_of, ${events.map((name) => `${name}_of`).join(", ")}), first_of) AS own,
      own.1 AS variant, ${events.map((name, index) => `own.${index + 2} AS ${name}_at`).join(", ")}
    FROM (
      SELECT t.unit AS unit, t.variant AS variant_of, min(t.first) AS first_of, min(t.begun) AS begun_of,
        ${events.map((name) => `min(t.${name}_at) AS ${name}_of`).join(", ")}
      FROM trial_units AS t
      WHERE ${isOfTrial} AND t.unit IN (SELECT t.unit FROM trial_units AS t WHERE ${isOfTrial} AND t.unit != '' AND (${mayCount}))
      GROUP BY unit, variant_of
    )
    GROUP BY unit
    HAVING begun >= ${timeParameter("begun_from")} AND begun < ${timeParameter("begun_until")}`;

/** Means of the units whose first minutes have just ended: all calls of these were stored lately. */
const numbers = (unit: string): string => `SELECT u.unit AS unit, u.variant AS variant,
      avgIf(c.ttft_ms, ${isEarly}) AS ttft,
      avgIf(toNullable(c.duration_ms), ${isAnswer} AND ${isEarly}) AS duration,
      avgIf(c.output_tokens, ${isAnswer} AND ${isEarly}) AS tokens,
      sumIf(c.cost_nanos, ${isEarly}) AS cost,
      countIf(isNotNull(c.cost_nanos) AND ${isEarly}) AS priced,
      countIf(isNotNull(c.cost_nanos) AND ${isAnswer} AND ${isEarly}) AS priced_answers
    FROM (
      SELECT c.*, assumeNotNull(${unit}) AS unit
      FROM calls AS c
      WHERE ${callsOfTrial(unit)} AND c.ingested_at >= ${timeParameter("lately")} AND c.ingested_at < ${timeParameter("to")}
    ) AS c
    INNER JOIN (
      SELECT * FROM (
    ${units}
      ) WHERE ${isOver}
    ) AS u ON u.unit = c.unit AND u.variant = c.variant
    GROUP BY unit, variant`;

const tallies = (unit: string): string => `SELECT {route:String} AS route, variant, *
FROM (
  SELECT variant, countIf(${isIn("first")}) AS calls,
    countIf(${isStarted}) AS started,
    ${events.map((name) => `countIf(${isIn(`${name}_at`)}) AS ${name}`).join(",\n    ")}
  FROM (
    ${units}
  )
  GROUP BY variant
) AS counted
LEFT JOIN (
  SELECT variant,
    ${binsOf("ttft")} AS ttft_ms,
    ${binsOf("duration")} AS duration_ms,
    ${binsOf("tokens")} AS output_tokens,
    ${binsOf("if(priced_answers > 0, cost / priced_answers, NULL)")} AS answer_cost_nanos,
    ${binsOf("if(priced_answers = 0 AND priced > 0, cost / priced, NULL)")} AS other_cost_nanos
  FROM (
    ${numbers(unit)}
  )
  GROUP BY variant
) AS measured_units USING (variant)
ORDER BY variant`;

/**
 * What came of the units of a route in a span of time, by the target of each one's first call since the trial began; what was stored
 * of them until its end must have been taken in. A unit counts when it first comes, in each other number with its first such call, and
 * in histograms with the mean of its first minutes; calls that another target took, after shares were changed, are not its own. The
 * cost of a unit is what one of its answers cost.
 */
export const readUnitArms = async (sql: SqlClient, span: UnitSpan): Promise<readonly ArmTally[]> => {
  const { fromMs, toMs, sinceMs, unit } = span;
  const rows = await sql.select(tallies(unitColumns[unit]), {
    ...trialParameters(span),
    from: msText(fromMs),
    to: msText(toMs),
    start: msText(Math.max(sinceMs, fromMs - startLagMs)),
    until: msText(Math.max(sinceMs, toMs - startLagMs)),
    begun_from: msText(span.begunFromMs),
    begun_until: msText(span.begunUntilMs),
    lately: msText(fromMs - firstMinutes * 60_000),
  });
  return withRated(rows.map(armTally), rows.map(ratedArm));
};
