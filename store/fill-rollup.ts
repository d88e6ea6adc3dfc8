import type { Rollup } from "./catalogue-rollup.ts";
import type { Side } from "./rollup-sql.ts";
import { dimensionOf, insertDifference } from "./rollup-sql.ts";
import type { SqlClient } from "./sql-client.ts";

const weekSeconds = 7 * 86_400;

/**
 * Makes a new rollup hold all calls that are there already, a week at a time. It inserts differences, so that it can be
 * killed anywhere and run again. Nothing else may insert meanwhile.
 */
export const fillRollup = async (sql: SqlClient, rollup: Rollup): Promise<void> => {
  const minute = dimensionOf(rollup, "minute");
  const weeks = await sql.select(
    `SELECT DISTINCT toUnixTimestamp(toDateTime(toMonday(${minute}), 'UTC')) AS week FROM calls AS c ORDER BY week`,
  );
  for (const { week } of weeks) {
    const inWeek = (time: string): string => `${time} >= ${Number(week)} AND ${time} < ${Number(week) + weekSeconds}`;
    const sides: readonly Side[] = [
      { of: "calls", where: inWeek(minute), isTakenOff: false },
      { of: "rollup", where: inWeek("r.minute"), isTakenOff: true },
    ];
    await sql.command(insertDifference(rollup, { sides, comment: `plumbline fills ${rollup.table}` }));
  }
};
