import { PlumblineError } from "../core/errors.ts";
import type { AppendDeps } from "./append.ts";
import type { Rollup } from "./catalogue-rollup.ts";
import { rollups } from "./catalogue-rollup.ts";
import { daysOf, keptFromSeconds } from "./retention.ts";
import type { Side } from "./rollup-sql.ts";
import { baseOf, differenceOf, dimensionOf, insertDifference } from "./rollup-sql.ts";
import { sourceMark } from "./source-mark.ts";
import type { SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";
import type { Batch } from "./store.ts";
import { statementsOf, untilQuiet } from "./until-quiet.ts";

/** Corrections before it is given up: each round sees what others did during the one before. */
const maxRounds = 5;

/** Seconds within which a correction must begin to run; it does nothing when it comes later. */
const correctionSeconds = 30;

/**
 * Makes the rows that a batch touched in every rollup equal to what `calls` holds of its source, by inserting the exact
 * difference. Needed after a crash between a table and its view. A partition has one owner, so that in general nobody else
 * adds to the rows of its source. What an earlier owner still has under way is waited for, and it ends only when a comparison
 * with nothing under way before and behind it has found no difference.
 */
export const reconcile = async (deps: AppendDeps, batch: Batch): Promise<void> => {
  for (let round = 0; round < maxRounds; round += 1) {
    const nowSeconds = await untilQuiet(deps, batch);
    const differing = await differingRollups(deps, batch, nowSeconds);
    if (differing.length === 0 && (await statementsOf(deps.sql, batch)).running === 0) {
      await reconcileTraceTimes(deps.sql, batch);
      return;
    }
    for (const { rollup, keptFrom } of differing) {
      await reconcileRollup(deps.sql, rollup, { batch, keptFrom, untilSeconds: nowSeconds + correctionSeconds });
      const { topic, partition, start, end } = batch;
      deps.log.warn(
        { rollup: rollup.table, topic, partition, start, end },
        "rollup corrected after an interrupted insert",
      );
    }
  }
  throw new PlumblineError("store.unavailable", `the rollups of ${batch.topic}:${batch.partition} do not come to rest`);
};

/** What is compared: the calls of a batch's source, or what else a rollup adds up, in the minutes that the batch touched. */
export interface Comparison {
  readonly batch: Batch;
  /** Earlier minutes, in seconds since the Unix epoch, are left alone: calls may be gone there, and the rollup must not follow. */
  readonly keptFrom: number;
}

/** Inserts into a rollup what it lacks, or has too much, of the rows that a batch touched. */
export const reconcileRollup = (
  sql: SqlClient,
  rollup: Rollup,
  { untilSeconds, ...comparison }: Comparison & { readonly untilSeconds: number },
): Promise<void> =>
  sql.command(
    insertDifference(rollup, {
      sides: sidesOf(rollup, comparison),
      untilSeconds,
      comment: `${sourceMark(comparison.batch)}reconcile`,
    }),
  );

interface Differing {
  readonly rollup: Rollup;
  readonly keptFrom: number;
}

const differingRollups = async (
  { sql, config }: AppendDeps,
  batch: Batch,
  nowSeconds: number,
): Promise<readonly Differing[]> => {
  if (batch.calls.length === 0) {
    return [];
  }
  const differing: Differing[] = [];
  for (const rollup of rollups) {
    const keptFrom = keptFromSeconds(daysOf(config.retentionDays, baseOf(rollup)), nowSeconds);
    const [row] = await sql.select(
      `SELECT count() AS n FROM (${differenceOf(rollup, sidesOf(rollup, { batch, keptFrom }))})`,
    );
    if (Number(row?.["n"]) > 0) {
      differing.push({ rollup, keptFrom });
    }
  }
  return differing;
};

const sidesOf = (rollup: Rollup, { batch, keptFrom }: Comparison): readonly Side[] => {
  const minute = dimensionOf(rollup, "minute");
  const keys = `${dimensionOf(rollup, "tenant")}, ${minute}`;
  const touched = `(SELECT ${keys} FROM ${baseOf(rollup)} AS c WHERE ${rangeOf(batch, "c")} AND ${minute} >= ${keptFrom})`;
  return [
    { of: "calls", where: `${isOf(batch, "c")} AND (${keys}) IN ${touched}`, isTakenOff: false },
    { of: "rollup", where: `${isOf(batch, "r")} AND (r.tenant, r.minute) IN ${touched}`, isTakenOff: true },
  ];
};

/** Adds the times of the batch's traces where none are stored; more than one row a trace does no harm. */
const reconcileTraceTimes = async (sql: SqlClient, batch: Batch): Promise<void> => {
  const ofRange = rangeOf(batch, "t");
  await sql.command(`INSERT INTO otel_traces_trace_id_ts (TraceId, Start, End)
SELECT t.TraceId, min(t.Timestamp), max(t.Timestamp)
FROM otel_traces AS t
WHERE ${ofRange} AND t.TraceId NOT IN (
  SELECT TraceId FROM otel_traces_trace_id_ts
  WHERE TraceId IN (SELECT t.TraceId FROM otel_traces AS t WHERE ${ofRange})
)
GROUP BY t.TraceId
SETTINGS insert_deduplicate = 0, log_comment = ${literal(`${sourceMark(batch)}trace times`)}`);
};

const isOf = ({ topic, partition }: Batch, alias: string): string =>
  `${alias}.source_topic = ${literal(topic)} AND ${alias}.source_partition = ${partition}`;

const rangeOf = (batch: Batch, alias: string): string =>
  `${isOf(batch, alias)} AND ${alias}.source_offset >= ${batch.start} AND ${alias}.source_offset < ${batch.end}`;
