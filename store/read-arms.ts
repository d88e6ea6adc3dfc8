import type { ArmTally } from "../core/arms.ts";
import { startLagMs } from "../core/arms.ts";
import { armConditions, hasCaller, isAnswer, timeParameter } from "./arm-sql.ts";
import { armTally, withRated } from "./arm-tally.ts";
import { binsOf } from "./catalogue-rollup.ts";
import { msText } from "./cells.ts";
import { readEmbeddedArms, withEmbedded } from "./read-embedded-arms.ts";
import type { TimeSpan } from "./read-measures.ts";
import { readRated } from "./read-rated.ts";
import type { SqlClient } from "./sql-client.ts";

/** Calls that take longer than this are not found by when they were stored: a bound on what must be looked through. */
const longestCallSeconds = 86_400;

const wasStored = `c.ingested_at >= ${timeParameter("from")} AND c.ingested_at < ${timeParameter("to")}
    AND c.minute >= toDateTime({earliest:UInt32})`;

const didStart = `c.started_at >= ${timeParameter("start")} AND c.started_at < ${timeParameter("until")}
    AND c.minute >= toStartOfMinute(${timeParameter("start")}) AND c.minute < ${timeParameter("until")}`;

const storedArms = `SELECT c.route AS route, c.variant AS variant, count() AS calls,
    ${Object.entries(armConditions)
      .map(([name, condition]) => `countIf(${condition}) AS ${name}`)
      .join(",\n    ")},
    ${binsOf("c.ttft_ms")} AS ttft_ms,
    ${binsOf("c.duration_ms", isAnswer)} AS duration_ms,
    ${binsOf("c.output_tokens", isAnswer)} AS output_tokens,
    ${binsOf("c.cost_nanos", isAnswer)} AS answer_cost_nanos,
    ${binsOf("c.cost_nanos", `NOT ${isAnswer}`)} AS other_cost_nanos
  FROM calls AS c
  WHERE ${wasStored} AND ${hasCaller}
  GROUP BY route, variant`;

const startedArms = `SELECT c.route AS route, c.variant AS variant, count() AS started
  FROM calls AS c
  WHERE ${didStart} AND ${hasCaller}
  GROUP BY route, variant`;

/**
 * What came of the calls whose rows were stored in a span of time, by route and target. A row counts when it was stored, since
 * a call is known only when it is over; rows that are inserted after the span was read are in no later span either.
 */
export const readArms = async (sql: SqlClient, { fromMs, toMs }: TimeSpan): Promise<readonly ArmTally[]> => {
  const rows = await sql.select(
    `SELECT *
FROM (
  ${storedArms}
) AS stored
FULL JOIN (
  ${startedArms}
) AS begun USING (route, variant)
ORDER BY route, variant`,
    {
      from: msText(fromMs),
      to: msText(toMs),
      earliest: String(Math.max(0, Math.floor(fromMs / 1000) - longestCallSeconds)),
      start: msText(fromMs - startLagMs),
      until: msText(toMs - startLagMs),
    },
  );
  const tallies = withRated(rows.map(armTally), await readRated(sql, { fromMs, toMs }));
  return withEmbedded(tallies, await readEmbeddedArms(sql, { fromMs, toMs }));
};
