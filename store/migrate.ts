import { PlumblineError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { StoreConfig } from "./config.ts";
import { migrations } from "./migrations/all.ts";
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
  await sql.command(`CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt32,
  name String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY version`);
  const applied = await appliedVersions(sql);
  const newest = Math.max(0, ...applied);
  const known = migrations.at(-1)?.version ?? 0;
  if (newest > known) {
    throw new PlumblineError(
      "data.newer_version",
      `the store has schema version ${newest}, and this Plumbline knows versions up to ${known}`,
    );
  }
  for (const { version, name, statements, moveRows } of migrations.filter(
    (migration) => !applied.has(migration.version),
  )) {
    for (const statement of statements) {
      await sql.command(statement);
    }
    await moveRows?.(sql);
    await sql.command(`INSERT INTO schema_migrations (version, name) VALUES (${version}, ${literal(name)})`);
    log.info({ version, name }, "schema change applied");
  }
  await setRetention(sql, config.retentionDays);
};

const appliedVersions = async (sql: SqlClient): Promise<ReadonlySet<number>> => {
  const rows = await sql.select("SELECT version FROM schema_migrations");
  return new Set(rows.map((row) => Number(row["version"])));
};

/** Sets the TTL of each table, where it is not as configured already. */
const setRetention = async (sql: SqlClient, days: StoreConfig["retentionDays"]): Promise<void> => {
  const rows = await sql.select("SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()");
  const engines = new Map(rows.map((row) => [row["name"], String(row["engine_full"])]));
  for (const { table, expression, days: count } of retentionOf(days)) {
    const engine = engines.get(table) ?? "";
    if (count > 0 && !engine.includes(` TTL ${expression} + toIntervalDay(${count})`)) {
      await sql.command(
        `ALTER TABLE ${table} MODIFY TTL ${expression} + toIntervalDay(${count}) SETTINGS materialize_ttl_after_modify = 0`,
      );
    } else if (count === 0 && engine.includes(" TTL ")) {
      await sql.command(`ALTER TABLE ${table} REMOVE TTL`);
    }
  }
};
