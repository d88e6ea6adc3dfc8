import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { openChdb } from "./clickhouse-chdb.ts";
import { EmbeddedEngine } from "./clickhouse-embedded.ts";
import { serverClient } from "./clickhouse-server.ts";
import type { StoreDeps } from "./clickhouse-store.ts";
import { ClickHouseStore } from "./clickhouse-store.ts";
import type { EmbeddedStoreConfig, ServerStoreConfig } from "./config.ts";
import { clearIncoming } from "./incoming-rows.ts";
import type { RawInsert, RawQuery, RawWrite } from "./raw-statement.ts";
import type { Store } from "./store.ts";

/** The embedded store, which also runs statements of others. They reject with the engine's own error: `Code: N. ...`. */
export interface EmbeddedStore extends Store {
  /** Runs one statement with `readonly = 1`. */
  readonly rawQuery: (query: RawQuery) => Promise<Buffer>;
  /** Runs one statement that changes something; it ends before the store closes. */
  readonly rawWrite: (write: RawWrite) => Promise<void>;
  /** Inserts rows that come piece by piece, all of them or none. */
  readonly rawInsert: (insert: RawInsert) => Promise<void>;
}

/** Opens ClickHouse in this process on a folder that no other process has open. */
export const openEmbeddedStore = async (
  deps: StoreDeps & { readonly dir: string; readonly config: EmbeddedStoreConfig },
): Promise<EmbeddedStore> => {
  const { dir, config } = deps;
  const folder = await openChdb(dir);
  await folder.first.command({ query: `CREATE DATABASE IF NOT EXISTS ${config.database}` });
  await folder.first.command({ query: `USE ${config.database}` });
  await clearIncoming(dir);
  const sql = new EmbeddedEngine({ dir, folder, database: config.database });
  // One append at a time: each table has one connection, which runs one statement at a time.
  const store = new ClickHouseStore({ ...deps, sql, laneOf: () => "" });
  return Object.assign(store, { rawQuery: sql.query, rawWrite: sql.write, rawInsert: sql.insertRaw });
};

/** Opens a ClickHouse server over HTTP. Nothing is sent until the first statement. */
export const openServerStore = (deps: StoreDeps & { readonly config: ServerStoreConfig }): Store => {
  const { url, username, password, database, requestSeconds } = deps.config;
  const client = createClient({
    url,
    username,
    ...(password === undefined ? {} : { password }),
    database,
    // Its own limit counts silence only: a server that trickles would never reach it.
    request_timeout: 0,
    max_open_connections: maxConnections,
    log: { level: ClickHouseLogLevel.OFF },
  });
  const sql = serverClient({ client, limitMs: requestSeconds * 1000, ids: deps.ids });
  return new ClickHouseStore({ ...deps, sql, laneOf: ({ topic, partition }) => `${topic}:${partition}` });
};

/** Connections to a server: an append uses four at once, and several partitions append at once. */
const maxConnections = 32;
