import { Readable } from "node:stream";
import type { ClickHouseClient, QueryParams } from "@clickhouse/client";
import type { InsertSettings } from "./insert-sql.ts";
import { insertFileSql, insertSql } from "./insert-sql.ts";
import { nativeRows } from "./native-rows.ts";
import type { Insert, SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";
import type { AnswerRow } from "./store.ts";
import { insertError, storeError } from "./store-error.ts";

/** Times with their zone, and 64-bit integers as text, so that no reader loses hours or digits. */
export const outputSettings = { date_time_output_format: "iso", output_format_json_quote_64bit_integers: 1 } as const;

/** Runs a statement that returns nothing. */
export const runCommand = async (client: ClickHouseClient, sql: string, signal?: AbortSignal): Promise<void> => {
  try {
    await client.command({ query: sql, ...abortedBy(signal) });
  } catch (error) {
    throw storeError(error, "run a statement");
  }
};

/** Inserts rows into a server over HTTP. Settings are part of the statement, as they are where the engine is embedded. */
export const insertInto = async (client: ClickHouseClient, insert: Insert, server: ServerInsert): Promise<void> => {
  try {
    const { stream } = await client.exec({
      query: insertSql(insert, server.settings),
      values: Readable.from([nativeRows(insert.columns, insert.rows)], { objectMode: false }),
      ...abortedBy(server.signal),
      query_id: server.queryId,
      clickhouse_settings: { wait_end_of_query: 1 },
    });
    await stream.toArray();
  } catch (error) {
    throw insertError(error, insert.table);
  }
};

/**
 * Inserts rows that lie in a file of this machine; rejects with the engine's own error. Settings are part of the statement: as
 * settings of the client they would stay on a chDB connection, so that a token reached the next insert.
 */
export const insertFile = async (client: ClickHouseClient, insert: Insert, path: string): Promise<void> => {
  await client.command({ query: insertFileSql(insert, path) });
};

/** What an insert over HTTP is sent with. */
export interface ServerInsert {
  readonly queryId: string;
  readonly settings: InsertSettings;
  readonly signal: AbortSignal;
}

/** Runs a query and reads all of its rows. */
export const rowsOf = async (client: ClickHouseClient, query: QueryParams): Promise<readonly AnswerRow[]> => {
  try {
    const result = await client.query({ ...query, format: "JSONEachRow" });
    return await result.json<AnswerRow>();
  } catch (error) {
    throw storeError(error, "answer a query");
  }
};

/** Parameters as the client takes them. */
export const boundOf = (parameters: Parameters<SqlClient["select"]>[1]): Pick<QueryParams, "query_params"> =>
  parameters === undefined ? {} : { query_params: { ...parameters } };

/** Sets settings on a connection of the embedded engine, where they stay. */
export const setAll = async (
  client: ClickHouseClient,
  values: Readonly<Record<string, string | number>>,
): Promise<void> => {
  for (const [name, value] of Object.entries(values)) {
    await client.command({ query: `SET ${name} = ${literal(String(value))}` });
  }
};

const abortedBy = (signal: AbortSignal | undefined): { readonly abort_signal?: AbortSignal } =>
  signal === undefined ? {} : { abort_signal: signal };
