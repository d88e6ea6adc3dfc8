import type { Rollup } from "./catalogue-rollup.ts";
import type { Side } from "./rollup-sql.ts";
import { insertDifference } from "./rollup-sql.ts";
import type { SqlClient } from "./sql-client.ts";

/**
 * Days back from now in which a rollup is made equal to `calls`. A crash before the change may have left a difference in the
 * minutes of its batch, and after the change nothing could tell whose rows without a source were. Before these days the
 * rollup keeps its sums: calls may have reached the end of their retention there.
 */
const equalDays = 7;

/**
 * Gives the rows of a rollup that have no source the one that `calls` has for them. The rows of a source become what `calls`
 * adds up to; the source '' / 1 takes the same out of the rows without a source, which stay as they are. Every row is set to
 * a value that does not depend on how far an earlier run came, so that it can be killed anywhere and run again. Nothing else
 * may insert meanwhile.
 */
export const settleSources = async (sql: SqlClient, rollup: Rollup): Promise<void> => {
  const equalFrom = await equalFromSeconds(sql);
  const weeks = await sql.select(
    `SELECT DISTINCT toUnixTimestamp(toDateTime(toMonday(r.minute), 'UTC')) AS week FROM ${rollup.table} AS r WHERE ${hasNoSource} ORDER BY week`,
  );
  for (const { week } of weeks) {
    const sides = sidesOf(rollup, { week: Number(week), equalFrom });
    await sql.command(insertDifference(rollup, { sides, comment: `plumbline settles ${rollup.table}` }));
  }
};

const hasNoSource = "r.source_topic = '' AND r.source_partition = 0";

/** Takes out of the rows without a source what has got its own. */
const takenOut = { topic: "''", partition: "toUInt32(1)" } as const;

const sidesOf = (
  { table }: Rollup,
  { week, equalFrom }: { readonly week: number; readonly equalFrom: number },
): readonly Side[] => {
  const inWeek = (alias: string): string => `${alias}.minute >= ${week} AND ${alias}.minute < ${week + 7 * 86_400}`;
  const minutes = `(SELECT r.tenant, r.minute FROM ${table} AS r WHERE ${hasNoSource} AND ${inWeek("r")})`;
  const ofWeek = (alias: string): string => `${inWeek(alias)} AND (${alias}.tenant, ${alias}.minute) IN ${minutes}`;
  return [
    { of: "calls", where: ofWeek("c"), isTakenOff: false },
    { of: "calls", where: `${ofWeek("c")} AND c.minute < ${equalFrom}`, isTakenOff: true, source: takenOut },
    {
      of: "rollup",
      where: `${inWeek("r")} AND ${hasNoSource} AND r.minute >= ${equalFrom}`,
      isTakenOff: true,
      source: takenOut,
    },
    { of: "rollup", where: `${ofWeek("r")} AND NOT (${hasNoSource})`, isTakenOff: true },
  ];
};

/** The minute from which on every call is still there, in seconds since the Unix epoch; its hour is a margin. */
const equalFromSeconds = async (sql: SqlClient): Promise<number> => {
  const [row] = await sql.select(
    "SELECT toUnixTimestamp(now()) AS now, engine_full FROM system.tables WHERE database = currentDatabase() AND name = 'calls'",
  );
  const kept = / TTL minute \+ toIntervalDay\((\d+)\)/.exec(String(row?.["engine_full"]))?.[1];
  const days = kept === undefined ? equalDays : Math.min(Number(kept), equalDays);
  return Math.ceil((Number(row?.["now"]) - days * 86_400 + 3_600) / 60) * 60;
};
