import { accessSync, constants, mkdirSync } from "node:fs";
import { Readable } from "node:stream";
import type { ClickHouseClient, QueryParams } from "@clickhouse/client";
import { createClient } from "@clickhouse/client";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { StoreDeps } from "./clickhouse-store.ts";
import { ClickHouseStore } from "./clickhouse-store.ts";
import type { EmbeddedStoreConfig, ServerStoreConfig } from "./config.ts";
import { readFolderOwner } from "./folder-owner.ts";
import { insertSql } from "./insert-sql.ts";
import { rowsText } from "./rows-text.ts";
import type { Insert, SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";
import type { AnswerRow, Store } from "./store.ts";
import { storeError } from "./store-error.ts";

/** A statement of a reader, run on a connection of its own that can change nothing. */
export interface RawQuery {
  readonly sql: string;
  /** Output format where the statement names none. */
  readonly format: string;
  /** By name, as text in the protocol's own form: escaped as in a TabSeparated field. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Settings that were checked to be harmless; set before the connection becomes read-only. */
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The embedded store, which also answers readers' statements. */
export interface EmbeddedStore extends Store {
  /** Runs one statement with `readonly = 1`; rejects with the engine's own error, its message beginning with `Code: N.`. */
  readonly rawQuery: (query: RawQuery) => Promise<Buffer>;
}

/** Opens ClickHouse in this process on a folder that no other process has open. */
export const openEmbeddedStore = async (
  deps: StoreDeps & { readonly dir: string; readonly config: EmbeddedStoreConfig },
): Promise<EmbeddedStore> => {
  const { dir, config } = deps;
  const { createChdbConnection } = await loadChdb();
  const connect = (): ClickHouseClient => clientOn(createChdbConnection({ path: dir }));
  const writer = openFolder(dir, connect);
  await writer.command({ query: `CREATE DATABASE IF NOT EXISTS ${config.database}` });
  await useDatabase(writer, config.database);
  const withReader = async <T>(use: (reader: ClickHouseClient) => Promise<T>): Promise<T> => {
    const reader = connect();
    try {
      await useDatabase(reader, config.database);
      return await use(reader);
    } finally {
      await reader.close();
    }
  };
  const writers = new Map<string, ClickHouseClient>();
  const writerOf = async (table: string): Promise<ClickHouseClient> => {
    const open = writers.get(table) ?? connect();
    writers.set(table, open);
    await useDatabase(open, config.database);
    return open;
  };
  const sql: SqlClient = {
    ...clientOf(writer),
    // A connection runs one statement at a time, so each table has its own.
    insert: async (insert) => insertRows(await writerOf(insert.table), insert),
    close: async () => {
      await Promise.all([writer, ...writers.values()].map((open) => open.close()));
    },
    // A connection of its own for each question: settings stay on a chDB connection, and one runs a single query at a time.
    // All of its settings come first: `readonly` is the last one that a connection takes.
    select: (text, parameters) =>
      withReader(async (reader) => {
        await setAll(reader, { ...outputSettings, readonly: 1 });
        return await rowsOf(reader, { query: text, ...boundOf(parameters) });
      }),
  };
  const store = new ClickHouseStore({ ...deps, sql });
  return Object.assign(store, { rawQuery: (query: RawQuery) => withReader((reader) => runRaw(reader, query)) });
};

/** Opens a ClickHouse server over HTTP. Nothing is sent until the first statement. */
export const openServerStore = (deps: StoreDeps & { readonly config: ServerStoreConfig }): Store => {
  const { url, username, password, database } = deps.config;
  const client = createClient({ url, username, ...(password === undefined ? {} : { password }), database });
  return new ClickHouseStore({ ...deps, sql: clientOf(client) });
};

type ChdbModule = typeof import("chdb/connection");
type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>["connection"]>;

const clientOn = (connection: object): ClickHouseClient => {
  if (!isClientConnection(connection)) {
    throw new PlumblineError(
      "store.unavailable",
      "this version of chdb does not fit this version of @clickhouse/client",
    );
  }
  return createClient({ connection });
};

/** chdb declares the interface by another copy of its types, so what counts is looked at. */
const isClientConnection = (connection: object): connection is ClientConnection =>
  ["query", "command", "exec", "insert", "ping", "close"].every(
    (name) => typeof Reflect.get(connection, name) === "function",
  );

/** chDB is an optional dependency: on platforms without it the distributed form still works. */
const loadChdb = async (): Promise<ChdbModule> => {
  try {
    return await import("chdb/connection");
  } catch (error) {
    throw new PlumblineError(
      "store.unavailable",
      `the embedded ClickHouse (npm package chdb) is not installed for this platform: ${messageOf(error)}; set store.kind to server`,
      { cause: error },
    );
  }
};

/** The engine says only that it failed; who holds the folder stands in its lock file. */
const openFolder = (dir: string, connect: () => ClickHouseClient): ClickHouseClient => {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
    return connect();
  } catch (error) {
    const owner = readFolderOwner(dir);
    throw owner === null
      ? new PlumblineError("data.read_only", `the store in ${dir} cannot be opened: ${messageOf(error)}`, {
          cause: error,
        })
      : new PlumblineError("data.in_use", `the store in ${dir} belongs to process ${owner}`, { cause: error });
  }
};

const useDatabase = async (client: ClickHouseClient, database: string): Promise<void> => {
  await client.command({ query: `USE ${database}` });
};

/** Times with their zone, and 64-bit integers as text, so that no reader loses hours or digits. */
const outputSettings = { date_time_output_format: "iso", output_format_json_quote_64bit_integers: 1 } as const;

const clientOf = (client: ClickHouseClient): SqlClient => ({
  command: async (sql) => {
    try {
      await client.command({ query: sql });
    } catch (error) {
      throw storeError(error, "run a statement");
    }
  },
  select: (sql, parameters) =>
    rowsOf(client, {
      query: sql,
      clickhouse_settings: { ...outputSettings, readonly: "1" },
      ...boundOf(parameters),
    }),
  insert: (insert) => insertRows(client, insert),
  close: () => client.close(),
});

/**
 * Settings are part of the statement: as settings of the client they would stay on a chDB connection, so that a token reached
 * the next insert, and chDB reads the rows of a statement that follows `SET` twice (half the speed, measured with chdb 3.4).
 */
const insertRows = async (client: ClickHouseClient, insert: Insert): Promise<void> => {
  try {
    const { stream } = await client.exec({
      query: insertSql(insert),
      values: Readable.from([rowsText(insert.rows)], { objectMode: false }),
    });
    await stream.toArray();
  } catch (error) {
    throw storeError(error, `insert into ${insert.table}`);
  }
};

const boundOf = (parameters: Readonly<Record<string, string>> | undefined): Pick<QueryParams, "query_params"> =>
  parameters === undefined ? {} : { query_params: { ...parameters } };

const rowsOf = async (client: ClickHouseClient, query: QueryParams): Promise<readonly AnswerRow[]> => {
  try {
    const result = await client.query({ ...query, format: "JSONEachRow" });
    return await result.json<AnswerRow>();
  } catch (error) {
    throw storeError(error, "answer a query");
  }
};

const setAll = async (client: ClickHouseClient, values: Readonly<Record<string, string | number>>): Promise<void> => {
  for (const [name, value] of Object.entries(values)) {
    await client.command({ query: `SET ${name} = ${literal(String(value))}` });
  }
};

/** `readonly = 1` comes last: after it the connection takes no setting and changes nothing any more. */
const runRaw = async (client: ClickHouseClient, query: RawQuery): Promise<Buffer> => {
  // The client would escape them once more.
  const parameters = Object.entries(query.parameters).map(([name, value]) => [`param_${name}`, value] as const);
  await setAll(client, { ...Object.fromEntries(parameters), ...query.settings, readonly: 1 });
  const { stream } = await client.exec({
    query: query.sql,
    clickhouse_settings: Object.fromEntries([["default_format", query.format]]),
    abort_signal: query.signal,
  });
  return Buffer.concat(await stream.toArray());
};
