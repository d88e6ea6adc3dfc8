import type { Rollup } from "./catalogue-rollup.ts";
import { dimensionOf, insertDifference } from "./rollup-sql.ts";
import type { SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";
import type { Batch } from "./store.ts";

/**
 * Makes the rows that a batch touched in a rollup equal to what `calls` holds of its source, by inserting the exact
 * difference. Needed after a crash between a table and its view. A partition has one owner, so that nobody else adds to the
 * rows of its source meanwhile. Minutes before `keptFromMs` are left alone: of those, calls may be gone already, and the
 * rollup must not follow them.
 */
export const reconcileRollup = async (
  sql: SqlClient,
  rollup: Rollup,
  { batch, keptFromMs }: { readonly batch: Batch; readonly keptFromMs: number },
): Promise<void> => {
  if (batch.calls.length === 0) {
    return;
  }
  const keys = `${dimensionOf(rollup, "tenant")}, ${dimensionOf(rollup, "minute")}`;
  const touched = `(SELECT ${keys} FROM calls AS c WHERE ${rangeOf(batch, "c")} AND ${dimensionOf(rollup, "minute")} >= ${Math.ceil(keptFromMs / 1000)})`;
  await sql.command(
    insertDifference(rollup, [
      { of: "calls", where: `${sourceOf(batch, "c")} AND (${keys}) IN ${touched}`, isTakenOff: false },
      { of: "rollup", where: `${sourceOf(batch, "r")} AND (r.tenant, r.minute) IN ${touched}`, isTakenOff: true },
    ]),
  );
};

/** Adds the times of the batch's traces where none are stored; more than one row a trace does no harm. */
export const reconcileTraceTimes = async (sql: SqlClient, batch: Batch): Promise<void> => {
  const ofRange = rangeOf(batch, "t");
  await sql.command(`INSERT INTO otel_traces_trace_id_ts (TraceId, Start, End)
SELECT t.TraceId, min(t.Timestamp), max(t.Timestamp)
FROM otel_traces AS t
WHERE ${ofRange} AND t.TraceId NOT IN (
  SELECT TraceId FROM otel_traces_trace_id_ts
  WHERE TraceId IN (SELECT t.TraceId FROM otel_traces AS t WHERE ${ofRange})
)
GROUP BY t.TraceId
SETTINGS insert_deduplicate = 0`);
};

const sourceOf = ({ topic, partition }: Batch, alias: string): string =>
  `${alias}.source_topic = ${literal(topic)} AND ${alias}.source_partition = ${partition}`;

const rangeOf = (batch: Batch, alias: string): string =>
  `${sourceOf(batch, alias)} AND ${alias}.source_offset >= ${batch.start} AND ${alias}.source_offset < ${batch.end}`;
