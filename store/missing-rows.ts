import type { BaseTableName } from "./catalogue.ts";
import { baseTables } from "./catalogue.ts";
import { clusterOf, everyReplicaOf } from "./cluster-sql.ts";
import type { StoreConfig } from "./config.ts";
import { daysOf, keptFromSeconds } from "./retention.ts";
import type { Row, RowsByTable } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";
import type { Batch } from "./store.ts";

/** What to look for. */
export interface Look {
  readonly batch: Batch;
  readonly rows: RowsByTable;
  /** The server's time: rows that retention may have dropped by then are not missed. Null misses those as well. */
  readonly nowSeconds: number | null;
}

/** Those of the rows that are not in their tables, found by their source. */
export const missingRows = async (
  { sql, config }: { readonly sql: SqlClient; readonly config: StoreConfig },
  look: Look,
): Promise<RowsByTable> => {
  const missingIn = async (table: BaseTableName): Promise<readonly Row[]> => {
    const rows = look.rows[table];
    if (rows.length === 0) {
      return rows;
    }
    const present = await presentSources(sql, placeOf(config, table), look.batch);
    const key = sourceKeyOf(table);
    const keptFrom = look.nowSeconds === null ? 0 : keptFromOf(config, table, look.nowSeconds);
    const seconds = secondsOf(table);
    return rows.filter((row) => !present.has(key(row)) && seconds(row) >= keptFrom);
  };
  return {
    calls: await missingIn("calls"),
    attempts: await missingIn("attempts"),
    contents: await missingIn("contents"),
    otel_traces: await missingIn("otel_traces"),
    embedding_sums: await missingIn("embedding_sums"),
  };
};

const placeOf = (config: StoreConfig, table: BaseTableName): string => {
  const names = clusterOf(config);
  return names === null ? table : everyReplicaOf(table, names);
};

/** Which spans of the range a table has already, as `offset:index`. */
const presentSources = async (sql: SqlClient, place: string, batch: Batch): Promise<ReadonlySet<string>> => {
  const rows = await sql.select(
    `SELECT source_offset, source_index FROM ${place}
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
  const [offset, index] = [indexOf(table, "source_offset"), indexOf(table, "source_index")];
  return (row) => `${String(row[offset])}:${String(row[index])}`;
};

const keptFromOf = ({ retentionDays }: StoreConfig, table: BaseTableName, nowSeconds: number): number =>
  keptFromSeconds(daysOf(retentionDays, table), nowSeconds);

/** The time that retention goes by, in seconds since the Unix epoch; that of spans is in nanoseconds. */
const secondsOf = (table: BaseTableName): ((row: Row) => number) => {
  const isSpans = table === "otel_traces";
  const time = indexOf(table, isSpans ? "Timestamp" : "minute");
  return (row) => Number(row[time]) / (isSpans ? 1e9 : 1);
};

const indexOf = (table: BaseTableName, column: string): number =>
  baseTables[table].columns.findIndex(({ name }) => name === column);
