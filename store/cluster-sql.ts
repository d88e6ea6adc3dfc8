import { PlumblineError } from "../core/errors.ts";
import { tables } from "./catalogue.ts";
import type { StoreConfig } from "./config.ts";

/** A cluster as its statements need it. */
export interface ClusterNames {
  /** Name of the cluster in the servers' configuration. */
  readonly cluster: string;
  readonly database: string;
}

/**
 * Tokens that a shard remembers for each table, and for how long. A repeat comes at the latest 5 minutes after the insert
 * (session time-out 45 s, rebalance 60 s, time limit of a request 30 s, restart 2 minutes); 16 partitions a shard make at most
 * 10 inserts a second each, since an append waits for its quorum: 16 x 10 x 300 = 48,000. Where no processor runs nothing
 * pushes tokens out, and then they must outlive the outage: 7 days. Keeper holds them in memory, some 300 bytes each, so 5
 * tables cost 75 MB a shard.
 */
const rememberedTokens = "replicated_deduplication_window = 50000, replicated_deduplication_window_seconds = 604800";

/** The table that holds the rows on each server; its plain name is the one that reads all shards. */
export const localTable = (table: string): string => `${table}_local`;

/** The names of the configured cluster; null where one server holds everything. */
export const clusterOf = (config: StoreConfig): ClusterNames | null =>
  config.kind === "server" && config.cluster !== undefined
    ? { cluster: config.cluster.name, database: config.database }
    : null;

/** The table of applied changes: the same on every server, whatever its shard. */
export const migrationsOnCluster = ({ cluster, database }: ClusterNames): string =>
  `CREATE TABLE IF NOT EXISTS schema_migrations ON CLUSTER ${cluster} (
  version UInt32,
  name String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/${database}/schema_migrations', '{shard}-{replica}') ORDER BY version`;

/** Where rows are looked for that any replica may have: an insert that counts as made may not have come to all of them yet. */
export const everyReplicaOf = (table: string, { cluster, database }: ClusterNames): string =>
  `clusterAllReplicas('${cluster}', '${database}', '${localTable(table)}')`;

/** The tables that questions read: every shard's rows as one. They are made anew, since they hold nothing. */
export const readingTables = ({ cluster, database }: ClusterNames): readonly string[] =>
  localNames.map(
    (name) =>
      `CREATE OR REPLACE TABLE ${name} ON CLUSTER ${cluster} AS ${database}.${localTable(name)} ENGINE = Distributed('${cluster}', '${database}', '${localTable(name)}')`,
  );

/**
 * A statement of a migration, written for one server, as a cluster needs it: on every server, on the tables that hold the rows,
 * with their engines replicated. Throws on a form that it does not know.
 */
export const onCluster = (statement: string, names: ClusterNames): string => {
  const rule = rules.find(({ form }) => form.test(statement));
  if (rule === undefined) {
    throw new PlumblineError("store.rejected", `this statement has no form for a cluster: ${statement.slice(0, 80)}`);
  }
  return rule.render(statement, names);
};

/** Every table but the one of applied changes. */
const localNames = tables.map(({ name }) => name).filter((name) => name !== "schema_migrations");

interface Rule {
  readonly form: RegExp;
  readonly render: (statement: string, names: ClusterNames) => string;
}

const rules: readonly Rule[] = [
  {
    form: /^CREATE TABLE IF NOT EXISTS (\w+) \([\s\S]*\nENGINE = (\w*MergeTree)(?:\(\w+\))?\n[\s\S]*\nSETTINGS /,
    render: (statement, { cluster, database }) =>
      statement
        .replace(
          /^CREATE TABLE IF NOT EXISTS (\w+) /,
          (_, name) => `CREATE TABLE IF NOT EXISTS ${localTable(name)} ON CLUSTER ${cluster} `,
        )
        .replace(
          /\nENGINE = (\w*MergeTree)(?:\((\w+)\))?\n/,
          (_, engine, version?: string) =>
            `\nENGINE = Replicated${engine}('/clickhouse/tables/{shard}/${database}/${tableOf(statement)}', '{replica}'${version === undefined ? "" : `, ${version}`})\n`,
        )
        .replace(/\bnon_replicated_deduplication_window = \d+/, rememberedTokens),
  },
  {
    form: /^CREATE MATERIALIZED VIEW IF NOT EXISTS \w+ TO \w+ AS\nSELECT\b/,
    render: (statement, { cluster }) =>
      fromLocal(
        statement.replace(
          /^(CREATE MATERIALIZED VIEW IF NOT EXISTS \w+) TO (\w+) /,
          (_, create, to) => `${create} ON CLUSTER ${cluster} TO ${localTable(to)} `,
        ),
      ),
  },
  {
    form: /^ALTER TABLE \w+_mv MODIFY QUERY\n/,
    render: (statement, { cluster }) =>
      fromLocal(statement.replace(/^ALTER TABLE (\w+)/, `ALTER TABLE $1 ON CLUSTER ${cluster}`)),
  },
  {
    form: /^ALTER TABLE (?!\w+_mv\b)\w+\s+(?:ADD (?:COLUMN|INDEX)|MODIFY (?:ORDER BY|TTL|SETTING)|REMOVE TTL)\b/,
    render: (statement, { cluster }) =>
      statement.replace(/^ALTER TABLE (\w+)/, (_, name) => `ALTER TABLE ${localTable(name)} ON CLUSTER ${cluster}`),
  },
];

const tableOf = (statement: string): string =>
  localTable(/^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? "");

/** The same statement reading the rows of its own server. */
const fromLocal = (statement: string): string =>
  statement.replaceAll(/\bFROM (\w+)/g, (from, name) =>
    localNames.includes(name) ? `FROM ${localTable(name)}` : from,
  );
