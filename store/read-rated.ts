import { z } from "zod";
import { timeParameter } from "./arm-sql.ts";
import type { RatedArm } from "./arm-tally.ts";
import { msText } from "./cells.ts";
import { countFacts, ratedCalls } from "./rated-sql.ts";
import type { TimeSpan } from "./read-measures.ts";
import type { SqlClient } from "./sql-client.ts";

const ratedRow = z.object({
  route: z.string(),
  variant: z.string(),
  rated: z.coerce.number(),
  bad_rated: z.coerce.number(),
});

/**
 * Feedback counts for a comparison of targets when its call began at most so long before: calls that are older were shared out
 * in other ways, and it bounds what must be looked through.
 */
const longestFeedbackSeconds = 3_600;

/** The calls of each target of which it became known in a span of time what somebody says of them; each counts once. */
export const readRated = async (sql: SqlClient, { fromMs, toMs }: TimeSpan): Promise<readonly RatedArm[]> => {
  const earliest = String(Math.max(0, Math.floor(fromMs / 1_000) - longestFeedbackSeconds));
  if (!(await hasFacts(sql, { earliest, to: msText(toMs) }))) {
    return [];
  }
  const rows = await sql.select(
    `SELECT route, variant, count() AS rated, countIf(is_bad) AS bad_rated
FROM (
  ${ratedCalls("''")}
)
WHERE known >= ${timeParameter("from")}
GROUP BY route, variant
ORDER BY route, variant`,
    { from: msText(fromMs), to: msText(toMs), earliest },
  );
  return rows.map(ratedArm);
};

/** Whether there is anything to join calls with: mostly there is not, and asking costs next to nothing. */
export const hasFacts = async (
  sql: SqlClient,
  bounds: { readonly earliest: string; readonly to: string },
): Promise<boolean> => {
  const [row] = await sql.select(countFacts, bounds);
  return Number(row?.["n"] ?? 0) > 0;
};

/** What a row of the store says of feedback on a target. */
export const ratedArm = (row: Readonly<Record<string, unknown>>): RatedArm => {
  const { bad_rated: badRated, ...arm } = ratedRow.parse(row);
  return { ...arm, badRated };
};
