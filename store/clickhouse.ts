import type { ClickHouseClient } from "@clickhouse/client";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { openChdb } from "./clickhouse-chdb.ts";
import { EmbeddedEngine } from "./clickhouse-embedded.ts";
import { serverClient } from "./clickhouse-server.ts";
import type { StoreDeps } from "./clickhouse-store.ts";
import { ClickHouseStore } from "./clickhouse-store.ts";
import { clusterClient } from "./cluster-client.ts";
import type { EmbeddedStoreConfig, ServerStoreConfig } from "./config.ts";
import { clearIncoming } from "./incoming-rows.ts";
import type { InsertSettings } from "./insert-sql.ts";
import type { RawInsert, RawQuery, RawWrite } from "./raw-statement.ts";
import type { SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";
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

/** Opens a ClickHouse server or cluster over HTTP. Nothing is sent until the first statement. */
export const openServerStore = (deps: StoreDeps & { readonly config: ServerStoreConfig }): Store => {
  const { config, ids } = deps;
  const connect = (url: string, database: string | null): SqlClient =>
    serverClient({
      client: clientOf(config, { url, database }),
      limitMs: config.requestSeconds * 1000,
      ids,
      insertSettings: config.cluster === undefined ? {} : quorumOf(config.cluster, config.requestSeconds),
    });
  const own = (url: string): SqlClient => connect(url, config.database);
  const shards = config.cluster?.shards.map((replicas) => replicas.map(own)) ?? [];
  const sql =
    shards.length === 0 ? own(config.url) : clusterClient({ any: [own(config.url), ...shards.flat()], shards });
  return new ClickHouseStore({
    ...deps,
    sql,
    laneOf: ({ topic, partition }) => `${topic}:${partition}`,
    beforeMigrate: async () => {
      const outside = connect(config.url, null);
      await createDatabase(outside, config);
      await outside.close();
    },
  });
};

/** Connections to a server: an append uses four at once, and several partitions append at once. */
const maxConnections = 32;

const clientOf = (
  { username, password }: ServerStoreConfig,
  { url, database }: { readonly url: string; readonly database: string | null },
): ClickHouseClient =>
  createClient({
    url,
    username,
    ...(password === undefined ? {} : { password }),
    ...(database === null ? {} : { database }),
    // Its own limit counts silence only: a server that trickles would never reach it.
    request_timeout: 0,
    max_open_connections: maxConnections,
    log: { level: ClickHouseLogLevel.OFF },
  });

/**
 * An insert counts as made when most replicas have it: a replica that is lost for good takes nothing with it that was
 * acknowledged, which its token, kept in Keeper, would keep from ever being stored again. Where most are away inserts wait; the
 * server gives up first, so that its own answer comes.
 */
const quorumOf = ({ quorum }: Cluster, requestSeconds: number): InsertSettings =>
  quorum === "one"
    ? {}
    : { insert_quorum: "'auto'", insert_quorum_parallel: 1, insert_quorum_timeout: Math.ceil(requestSeconds * 500) };

type Cluster = NonNullable<ServerStoreConfig["cluster"]>;

/** A user that may not create one does not need to where it is there. */
const createDatabase = async (sql: SqlClient, config: ServerStoreConfig): Promise<void> => {
  const [row] = await sql.select(`SELECT count() AS n FROM system.databases WHERE name = ${literal(config.database)}`);
  if (row?.["n"] === "0" || config.cluster !== undefined) {
    const onCluster = config.cluster === undefined ? "" : ` ON CLUSTER ${config.cluster.name}`;
    await sql.command(`CREATE DATABASE IF NOT EXISTS ${config.database}${onCluster}`, { isLong: true });
  }
};
