import { afterAll, expect, it } from "vitest";
import { silentLog } from "../../core/log.ts";
import { callsByMinute } from "../../store/catalogue-rollup.ts";
import { migrate } from "../../store/migrate.ts";
import { createCalls } from "../../store/migrations/0001-create-calls.ts";
import { createTraces } from "../../store/migrations/0002-create-traces.ts";
import { keepUsage } from "../../store/migrations/0012-keep-usage.ts";
import type { SqlClient } from "../../store/sql-client.ts";
import type { AnswerRow, Batch } from "../../store/store.ts";
import { batchFrom, batchOf, callAt, inPartition, mondayMs } from "./batches.ts";
import { ledgerOf, sumsOfCalls, sumsOfRollup } from "./ledger.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();
let opened: OpenedStore;
let databases = 0;

afterAll(async () => {
  await engine.remove();
});

/** Two hours back, where the change still compares with `calls`. */
const recentNs = BigInt(Math.floor(Date.now() / 60_000 - 120)) * 60_000_000_000n;

const batchAt = (startNs: bigint, { start, count }: { readonly start: number; readonly count: number }): Batch =>
  batchOf(
    Array.from({ length: count }, (_, index) =>
      callAt(start + index, { startedAtNs: startNs + BigInt(index), costNanos: index === 0 ? null : 1_234_567n }),
    ),
  );

/** Calls stored long ago, calls whose rows have reached their retention, calls of a crash, and calls of another partition. */
const long = batchFrom(0, 7, { outcome: "timeout" });
const expired = batchAt(BigInt(mondayMs - 14 * 86_400_000) * 1_000_000n, { start: 7, count: 3 });
const interrupted = batchAt(recentNs, { start: 10, count: 4 });
const ofPartition1 = inPartition(batchAt(recentNs, { start: 14, count: 3 }), 1);

/** Version 2 has another table of texts than ours, and none of embeddings. */
const withoutTexts = (batch: Batch): Batch => ({ ...batch, contents: [], embeddings: [] });

/** A database as version 2 left it, with rows of all of them, and the rollup without the interrupted ones. */
const openVersion2 = async (): Promise<string> => {
  databases += 1;
  const database = `forward_${databases}`;
  opened = await engine.open(database);
  const { store, command } = opened;
  await command(`CREATE TABLE schema_migrations (version UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = MergeTree ORDER BY version`);
  for (const { version, name, statements } of [createCalls, createTraces]) {
    for (const statement of statements) await command(statement);
    await command(`INSERT INTO schema_migrations (version, name) VALUES (${version}, '${name}')`);
  }
  // What is appended has the columns of today: those that are younger are there for that long.
  await command("ALTER TABLE calls ADD COLUMN model_pinned LowCardinality(Nullable(String)) AFTER model_served");
  await command("ALTER TABLE calls ADD COLUMN measures Map(LowCardinality(String), Float64)");
  for (const statement of keepUsage.statements) await command(statement);
  for (const batch of [long, expired, ofPartition1]) await store.append(withoutTexts(batch), { delivery: "first" });
  await command("ALTER TABLE calls DROP PARTITION '2025-12-22'");
  await command("DROP VIEW calls_1m_mv");
  await store.append(withoutTexts(interrupted), { delivery: "first" });
  await command(createCalls.statements.at(-1) ?? "");
  await command("ALTER TABLE calls DROP COLUMN measures, DROP COLUMN model_pinned");
  await command("ALTER TABLE calls DROP COLUMN usage_parts, DROP COLUMN service_tier, DROP COLUMN raw_usage");
  return database;
};

/** Every sum of the rollup, by minute. */
const everySum = (): Promise<readonly AnswerRow[]> => {
  const sums = callsByMinute.sums.map(
    ({ name, type }) => `${type.includes("sumMap") ? "sumMap" : "sum"}(r.${name}) AS ${name}`,
  );
  return opened.store.query(
    `SELECT r.minute AS minute, ${sums.join(", ")} FROM calls_1m AS r GROUP BY minute ORDER BY minute`,
  );
};

const sources = (): Promise<readonly AnswerRow[]> =>
  opened.store.query(
    `SELECT source_topic AS topic, source_partition AS partition, toBool(minute < '2026-06-01') AS isOld, sum(r.calls) AS calls
FROM calls_1m AS r GROUP BY topic, partition, isOld HAVING calls != 0 ORDER BY topic, partition, isOld`,
  );

/** What the rollup of stored calls holds, and what it must hold of the calls that are there. */
const stored = async (): Promise<readonly [readonly AnswerRow[], readonly AnswerRow[]]> => [
  await opened.store.query(
    `SELECT r.tenant AS tenant, r.minute AS minute, r.route AS route, r.gateway_id AS gateway, r.source_partition AS partition,
  sum(r.calls) AS calls, arraySum(mapValues(sumMap(r.stored_after_ms_bins))) AS ages
FROM stored_1m AS r GROUP BY ALL HAVING calls != 0 ORDER BY ALL`,
  ),
  await opened.store.query(
    `SELECT tenant, minute, route, coalesce(gateway_id, '') AS gateway, source_partition AS partition, toInt64(count()) AS calls,
  toInt64(count()) AS ages
FROM calls GROUP BY ALL ORDER BY ALL`,
  ),
];

/** Statements of the change, in order, as a client of the engine gets them. */
const statementsOfChange = async (database: string): Promise<readonly string[]> => {
  const client = await engine.client(database);
  const seen: string[] = [];
  const command = async (sql: string): Promise<void> => {
    seen.push(sql);
    await client.command(sql);
  };
  await migrate({ sql: { ...client, command }, config: engine.config("any"), log: silentLog });
  await client.close();
  return seen;
};

/** What makes a table or a view that is not there leaves nothing half done: a few such statements stand for all. */
const isWorthKilling = (sql: string, index: number): boolean =>
  !/^CREATE\b.*IF NOT EXISTS/.test(sql) || index % 8 === 0;

/** A client of the engine that is killed at its statement number `limit`, which it may have done in part. */
const dyingAt = async (limit: number, database: string): Promise<SqlClient> => {
  const client = await engine.client(database);
  let commands = 0;
  return {
    ...client,
    command: async (sql) => {
      commands += 1;
      if (commands < limit) {
        await client.command(sql);
        return;
      }
      if (/^INSERT INTO (calls|stored)_1m/.test(sql)) {
        await client.command(sql.replace("\nSETTINGS", "\nORDER BY ALL LIMIT 2\nSETTINGS"));
      }
      throw new Error("killed");
    },
  };
};

const sourcesAfter = [
  { topic: "", partition: 0, isOld: false, calls: "3" },
  { topic: "", partition: 0, isOld: true, calls: "10" },
  { topic: "", partition: 1, isOld: false, calls: "-3" },
  { topic: "", partition: 1, isOld: true, calls: "-7" },
  { topic: "otlp_spans", partition: 0, isOld: false, calls: "4" },
  { topic: "otlp_spans", partition: 0, isOld: true, calls: "7" },
  { topic: "otlp_spans", partition: 1, isOld: false, calls: "3" },
];

it("keeps every sum of a database of version 2, repairs what a crash left, and gives rows their source", async () => {
  await openVersion2();
  const old = (await everySum()).slice(0, 2);
  await opened.store.migrate();
  expect((await everySum()).slice(0, 2)).toEqual(old);
  const sent = [...long.calls, ...expired.calls, ...interrupted.calls, ...ofPartition1.calls];
  expect(await sumsOfRollup(opened.store)).toEqual(ledgerOf(sent));
  expect(await sources()).toEqual(sourcesAfter);
  for (const batch of [long, interrupted, ofPartition1]) {
    await opened.store.append(batch, { delivery: "repeated" });
  }
  const [held, wanted] = await stored();
  expect(held).toEqual(wanted);
  expect(held.length).toBeGreaterThan(2);
  expect(await sumsOfRollup(opened.store)).toEqual(ledgerOf(sent));
  expect(await sumsOfCalls(opened.store)).toEqual(ledgerOf(sent.filter((call) => !expired.calls.includes(call))));
  await opened.close();
});

it("comes to the same sums wherever the change is killed and run again", async () => {
  const statements = await statementsOfChange(await openVersion2());
  const whole = await everySum();
  await opened.close();
  const kills = statements.flatMap((sql, index) => (index > 0 && isWorthKilling(sql, index) ? [index + 1] : []));
  expect(kills.length).toBeGreaterThan(15);
  for (const limit of kills) {
    const sql = await dyingAt(limit, await openVersion2());
    await expect(migrate({ sql, config: engine.config("any"), log: silentLog })).rejects.toThrow("killed");
    await sql.close();
    await opened.store.migrate();
    expect(await everySum()).toEqual(whole);
    expect(await sources()).toEqual(sourcesAfter);
    const [held, wanted] = await stored();
    expect(held).toEqual(wanted);
    await opened.close();
  }
}, 900_000);
