import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import type { BaseTableName } from "./catalogue.ts";
import { baseTables } from "./catalogue.ts";
import { rollups } from "./catalogue-rollup.ts";
import type { StoreConfig } from "./config.ts";
import { reconcileRollup, reconcileTraceTimes } from "./reconcile.ts";
import type { Row } from "./rows.ts";
import { attemptRow, callRow, contentRow, spanRow } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";
import type { AppendOptions, Batch } from "./store.ts";

/** What an append is made with. */
export interface AppendDeps {
  readonly sql: SqlClient;
  readonly config: StoreConfig;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Stores a batch, each table in one insert under the token of its range; a repeat inserts only what is missing. */
export const appendBatch = async (deps: AppendDeps, batch: Batch, options: AppendOptions): Promise<void> => {
  const rows = rowsOf(batch, deps.clock.nowMs());
  if (!options.isRepeat) {
    await insertAll(deps.sql, { rows, token: rangeToken(batch) });
    return;
  }
  // The engine may have noted the token of an insert whose part never came to be, so a repeat has a token of its own.
  const missing = await missingRows(deps.sql, { batch, rows });
  await insertAll(deps.sql, { rows: missing, token: `${rangeToken(batch)}:repeat:${deps.ids.next()}` });
  for (const rollup of rollups) {
    await reconcileRollup(deps.sql, rollup, { batch, keptFromMs: keptFromMs(deps) });
  }
  await reconcileTraceTimes(deps.sql, batch);
};

/** Since when all calls are still there; an hour of margin for the engine's own clock. */
const keptFromMs = ({ config, clock }: AppendDeps): number => {
  const days = config.retentionDays.calls;
  return days === 0 ? 0 : clock.nowMs() - days * 86_400_000 + 3_600_000;
};

type RowsByTable = Readonly<Record<BaseTableName, readonly Row[]>>;

const tableNames = ["attempts", "contents", "otel_traces", "calls"] as const satisfies readonly BaseTableName[];

/** The deduplication token of a range of records, the same at every repeat. */
const rangeToken = ({ topic, partition, start, end }: Batch): string => `${topic}:${partition}:${start}-${end}`;

const rowsOf = (batch: Batch, nowMs: number): RowsByTable => ({
  calls: batch.calls.map((call) => callRow(call, nowMs)),
  attempts: batch.attempts.map(attemptRow),
  contents: batch.contents.map(contentRow),
  otel_traces: batch.spans.map(spanRow),
});

/**
 * Inserts all tables at once: they share nothing, and the engine has a core to spare. It waits for every one, also when one
 * failed, so that a repeat never meets an insert of its own that is still under way.
 */
const insertAll = async (
  sql: SqlClient,
  insert: { readonly rows: RowsByTable; readonly token: string },
): Promise<void> => {
  const inserts = tableNames.map(async (table) => {
    const rows = insert.rows[table];
    if (rows.length > 0) {
      const columns = baseTables[table].columns.map((column) => column.name);
      await sql.insert({ table, columns, rows, token: insert.token });
    }
  });
  const failure = (await Promise.allSettled(inserts)).find((result) => result.status === "rejected");
  if (failure !== undefined) {
    throw failure.reason;
  }
};

const missingRows = async (
  sql: SqlClient,
  work: { readonly batch: Batch; readonly rows: RowsByTable },
): Promise<RowsByTable> => {
  const missingIn = async (table: BaseTableName): Promise<readonly Row[]> => {
    const rows = work.rows[table];
    if (rows.length === 0) {
      return rows;
    }
    const present = await presentSources(sql, table, work.batch);
    const key = sourceKeyOf(table);
    return rows.filter((row) => !present.has(key(row)));
  };
  return {
    calls: await missingIn("calls"),
    attempts: await missingIn("attempts"),
    contents: await missingIn("contents"),
    otel_traces: await missingIn("otel_traces"),
  };
};

/** Which spans of the range a table has already, as `offset:index`. */
const presentSources = async (sql: SqlClient, table: BaseTableName, batch: Batch): Promise<ReadonlySet<string>> => {
  const rows = await sql.select(
    `SELECT source_offset, source_index FROM ${table}
WHERE source_topic = {topic:String} AND source_partition = {partition:UInt32}
  AND source_offset >= {start:UInt64} AND source_offset < {end:UInt64}`,
    {
      topic: batch.topic,
      partition: String(batch.partition),
      start: String(batch.start),
      end: String(batch.end),
    },
  );
  return new Set(rows.map((row) => `${String(row["source_offset"])}:${String(row["source_index"])}`));
};

const sourceKeyOf = (table: BaseTableName): ((row: Row) => string) => {
  const names = baseTables[table].columns.map((column) => column.name);
  const offset = names.indexOf("source_offset");
  const index = names.indexOf("source_index");
  return (row) => `${String(row[offset])}:${String(row[index])}`;
};
