import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { onCluster } from "../../store/cluster-sql.ts";
import { migrations } from "../../store/migrations/all.ts";
import { questionNames } from "../../store/questions.ts";
import type { SqlClient } from "../../store/sql-client.ts";
import { literal } from "../../store/sql-client.ts";
import { clusterStatements } from "./cluster-statements.ts";
import { makeEngine } from "./open-engine.ts";

const names = { cluster: "plumbline", database: "plumbline" } as const;
const asFile = (statements: readonly string[]): string => `${statements.join(";\n\n")};\n`;
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

describe("the statements of all migrations", () => {
  it("are for one server what they were when they were first applied", async () => {
    const statements = migrations.flatMap((migration) => migration.statements);
    await expect(asFile(statements)).toMatchFileSnapshot(fixture("one-server.sql"));
  });

  it("are for a cluster exactly these", async () => {
    await expect(asFile(clusterStatements(names))).toMatchFileSnapshot(fixture("cluster.sql"));
  });

  it.each([
    "DROP TABLE calls",
    "CREATE TABLE IF NOT EXISTS x (a Int8) ENGINE = Memory",
    "CREATE TABLE IF NOT EXISTS x (\n  a Int8\n)\nENGINE = MergeTree\nORDER BY a",
    "INSERT INTO calls SELECT * FROM calls",
    "ALTER TABLE calls DELETE WHERE 1",
  ])("have no form that a cluster does not know: %s", (statement) => {
    expect(() => onCluster(statement, names)).toThrow("no form for a cluster");
  });

  it.each([
    [
      "ALTER TABLE calls MODIFY TTL minute + toIntervalDay(3) SETTINGS materialize_ttl_after_modify = 0",
      "ALTER TABLE calls_local ON CLUSTER plumbline MODIFY TTL minute + toIntervalDay(3) SETTINGS materialize_ttl_after_modify = 0",
    ],
    ["ALTER TABLE calls REMOVE TTL", "ALTER TABLE calls_local ON CLUSTER plumbline REMOVE TTL"],
  ])("%s reaches the tables that hold the rows", (statement, rendered) => {
    expect(onCluster(statement, names)).toBe(rendered);
  });
});

describe("the engine", () => {
  let client: SqlClient;
  let remove = async (): Promise<void> => {};

  beforeAll(async () => {
    const engine = await makeEngine();
    client = await engine.client("default");
    remove = async () => {
      await client.close();
      await engine.remove();
    };
  });

  afterAll(() => remove());

  it.each(clusterStatements(names).map((statement) => [statement.split("\n")[0] ?? "", statement]))(
    "parses %s",
    async (_, statement) => {
      const [row] = await client.select(`SELECT formatQuery(${literal(statement)}) AS text`);
      expect(row?.["text"]).toContain(`ON CLUSTER ${names.cluster}`);
    },
  );

  it("answers every question through the tables that read all shards as one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "plumbline-cluster-"));
    // The embedded engine reads a configuration from the folder that its process works in.
    await writeFile(join(folder, "config.xml"), clusterXml);
    const child = spawn(process.execPath, [fixture("ask-distributed.ts"), join(folder, "store")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    const { one, distributed, twice } = answers.parse(JSON.parse(output));
    expect(Object.keys(one)).toEqual([...questionNames]);
    expect(Object.values(one).every((rows) => rows.length > 0)).toBe(true);
    expect(distributed).toEqual(one);
    expect(twice["totals"]).toMatchObject([{ calls: "14", input_tokens: "1400" }]);
  });
});

/** A cluster of one shard, and one of two that are both the same server. */
const server = "<shard><replica><host>localhost</host><port>9000</port></replica></shard>";
const clusterXml = `<clickhouse><tcp_port>9000</tcp_port><remote_servers>
<plumbline>${server}</plumbline><twice>${server}${server}</twice>
</remote_servers></clickhouse>`;

const perQuestion = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
const answers = z.object({ one: perQuestion, distributed: perQuestion, twice: perQuestion });
