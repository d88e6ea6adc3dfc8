import { PlumblineError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { clusterOf, localTable, migrationsOnCluster, onCluster, readingTables } from "./cluster-sql.ts";
import type { StoreConfig } from "./config.ts";
import { migrations } from "./migrations/all.ts";
import type { Migration } from "./migrations/migration.ts";
import { retentionOf } from "./retention.ts";
import type { SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";

/** What a migration is made with. */
export interface MigrateDeps {
  readonly sql: SqlClient;
  readonly config: StoreConfig;
  readonly log: Log;
}

/** Applies the changes that the database lacks, in order, then sets retention as configured. Running it again changes nothing. */
export const migrate = async ({ sql: given, config, log }: MigrateDeps): Promise<void> => {
  const sql: SqlClient = { ...given, command: (text) => given.command(text, { isLong: true }) };
  const names = clusterOf(config);
  await sql.command(names === null ? migrationsTable : migrationsOnCluster(names));
  const pending = await pendingOf(sql);
  for (const migration of pending) {
    for (const statement of migration.statements) {
      await sql.command(names === null ? statement : onCluster(statement, names));
    }
    if (names === null) {
      await migration.moveRows?.(sql);
      await record({ sql, log }, migration);
    }
  }
  if (names !== null && pending.length > 0) {
    // They take their columns from the others, and a change counts as applied only with them.
    for (const statement of readingTables(names)) {
      await sql.command(statement);
    }
    for (const migration of pending) {
      await record({ sql, log }, migration);
    }
  }
  await setRetention(sql, config);
};

const migrationsTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt32,
  name String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY version`;

/** The changes that were not applied yet. */
const pendingOf = async (sql: SqlClient): Promise<readonly Migration[]> => {
  const applied = await appliedVersions(sql);
  const newest = Math.max(0, ...applied);
  const known = migrations.at(-1)?.version ?? 0;
  if (newest > known) {
    throw new PlumblineError(
      "data.newer_version",
      `the store has schema version ${newest}, and this Plumbline knows versions up to ${known}`,
    );
  }
  return migrations.filter((migration) => !applied.has(migration.version));
};

const record = async ({ sql, log }: Pick<MigrateDeps, "sql" | "log">, { version, name }: Migration): Promise<void> => {
  await sql.command(`INSERT INTO schema_migrations (version, name) VALUES (${version}, ${literal(name)})`);
  log.info({ version, name }, "schema change applied");
};

const appliedVersions = async (sql: SqlClient): Promise<ReadonlySet<number>> => {
  const rows = await sql.select("SELECT version FROM schema_migrations");
  return new Set(rows.map((row) => Number(row["version"])));
};

/** Sets the TTL of each table, where it is not as configured already. */
const setRetention = async (sql: SqlClient, config: StoreConfig): Promise<void> => {
  const names = clusterOf(config);
  const rows = await sql.select("SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()");
  const engines = new Map(rows.map((row) => [row["name"], String(row["engine_full"])]));
  for (const { table, expression, days } of retentionOf(config.retentionDays)) {
    const engine = engines.get(names === null ? table : localTable(table)) ?? "";
    const change = retentionChange(engine, { expression, days });
    if (change !== null) {
      const statement = `ALTER TABLE ${table} ${change}`;
      await sql.command(names === null ? statement : onCluster(statement, names));
    }
  }
};

/** What to change in a table's engine for rows to be kept so many days; null when it is so. */
const retentionChange = (
  engine: string,
  { expression, days }: { readonly expression: string; readonly days: number },
): string | null => {
  if (days === 0) {
    return engine.includes(" TTL ") ? "REMOVE TTL" : null;
  }
  const wanted = `TTL ${expression} + toIntervalDay(${days})`;
  return engine.includes(` ${wanted}`) ? null : `MODIFY ${wanted} SETTINGS materialize_ttl_after_modify = 0`;
};
