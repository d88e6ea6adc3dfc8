import { describe, expect, it } from "vitest";
import { insertSql } from "../../store/insert-sql.ts";
import { parseInsert } from "../../store/insert-statement.ts";
import { createCalls } from "../../store/migrations/0001-create-calls.ts";
import { createTraces } from "../../store/migrations/0002-create-traces.ts";
import { rollupsBySource } from "../../store/migrations/0003-rollups-by-source.ts";
import { isWrite, refuseUnlessWrite } from "../../store/write-sql.ts";

const tableFunctions = new Set(["url", "file", "s3", "remote", "numbers", "executable", "view"]);

const ownStatements = [createCalls, createTraces, rollupsBySource].flatMap(({ statements }) => statements);

const allowed: readonly string[] = [
  ...ownStatements,
  "INSERT INTO schema_migrations (version, name) VALUES (1, 'file')",
  "ALTER TABLE calls MODIFY TTL minute + toIntervalDay(400) SETTINGS materialize_ttl_after_modify = 0",
  "ALTER TABLE calls REMOVE TTL",
  "INSERT INTO calls_1m SELECT * FROM calls_1m WHERE route = '/etc/passwd' SETTINGS insert_deduplicate = 0;",
];

const refused: readonly string[] = [
  "INSERT INTO calls SELECT * FROM url('http://127.0.0.1/', CSV)",
  "INSERT INTO calls SELECT * FROM calls, URL ('http://127.0.0.1/', CSV)",
  "INSERT INTO calls SELECT * FROM `url`('http://127.0.0.1/')",
  "INSERT INTO calls SELECT * FROM '/etc/passwd'",
  "INSERT INTO calls SELECT * FROM default.`/etc/passwd`",
  "INSERT INTO calls SELECT * FROM `data.csv`",
  "INSERT INTO calls (call_id) SELECT file('/etc/passwd')",
  "INSERT INTO calls (call_id) SELECT arrayMap(file, ['/etc/passwd'])",
  "INSERT INTO calls FROM INFILE '/etc/passwd' FORMAT CSV",
  "INSERT INTO FUNCTION file('/tmp/x', CSV) SELECT 1",
  "INSERT INTO TABLE FUNCTION url('http://127.0.0.1/') SELECT 1",
  "CREATE TABLE t (a Int8) ENGINE = File(CSV)",
  "CREATE TABLE t (a Int8) ENGINE File(CSV)",
  "CREATE TABLE t (a Int8) ENGINE = `URL`('http://127.0.0.1/')",
  "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '/tmp/')",
  "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a SETTINGS storage_policy = 'x'",
  "CREATE TABLE t AS remote('127.0.0.1', system.one)",
  "CREATE DATABASE d",
  "CREATE USER u",
  "CREATE FUNCTION f AS x -> x",
  "CREATE DICTIONARY d (a Int8) PRIMARY KEY a SOURCE(FILE(path '/etc/passwd' format 'CSV'))",
  "ALTER TABLE calls FREEZE",
  "ALTER TABLE calls FETCH PARTITION '2026-01-05' FROM '/x'",
  "ALTER TABLE calls MOVE PARTITION '2026-01-05' TO DISK 'x'",
  "ALTER USER u",
  "DROP TABLE calls",
  "TRUNCATE TABLE calls",
  "INSERT INTO calls SELECT 1; DROP TABLE calls",
  "INSERT INTO calls SELECT $$x$$",
  "INSERT INTO calls SETTINGS format_schema = 'x:y' FORMAT Protobuf",
];

describe("a writer's statement", () => {
  it.each(allowed.map((sql) => [sql.slice(0, 60), sql]))("may be run when it stays within the store: %s", (_, sql) => {
    expect(isWrite(sql)).toBe(true);
    expect(refuseUnlessWrite(sql, tableFunctions)).toBeNull();
  });

  it.each(refused)("is refused when it reaches further: %s", (sql) => {
    expect(refuseUnlessWrite(sql, tableFunctions)).not.toBeNull();
  });
});

describe("an insert whose rows come apart", () => {
  it("is read from the statement that the store itself sends", () => {
    const columns = ["tenant", "Events.Timestamp"].map((name) => ({ name, type: "String", doc: "A column." }));
    const sql = insertSql({ table: "calls", columns, token: "it's:0:1-2", comment: "c" });
    const parsed = parseInsert(sql);
    expect(parsed).toMatchObject({ target: "calls ( `tenant` , `Events.Timestamp` )", format: "Native" });
    expect(parsed?.settings).toContainEqual({ name: "insert_deduplication_token", value: "'it\\'s:0:1-2'" });
  });

  it.each([
    ["INSERT INTO t FORMAT CSV", "t"],
    ["INSERT INTO t (a.b) FORMAT CSV", "t ( a . b )"],
    ["insert into table d.t (a, b) format Native", "d . t ( a , b )"],
    ["INSERT INTO `t` (`a b`) FORMAT CSV", null],
    ["INSERT INTO t (a) SETTINGS async_insert = 1 FORMAT CSV", null],
    ["INSERT INTO t (a) SETTINGS format_schema = 'x' FORMAT CSV", null],
    ["INSERT INTO t (a) SETTINGS insert_deduplicate FORMAT CSV", null],
    ["INSERT INTO file('x') FORMAT CSV", null],
    ["INSERT INTO t SELECT 1 FORMAT CSV", null],
    ["INSERT INTO t VALUES (1)", null],
    ["SELECT 1 FORMAT CSV", null],
    ["INSERT INTO t (a) FORMAT 'CSV'", null],
  ])("%s goes to %s", (sql, target) => {
    expect(parseInsert(sql)?.target ?? null).toBe(target);
  });
});
