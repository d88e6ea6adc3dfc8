import { execFile } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import type { EmbeddedStore } from "../../store/clickhouse.ts";
import { openServerStore } from "../../store/clickhouse.ts";
import { storeConfig } from "../../store/config.ts";
import type { HttpEndpoint } from "../../store/http-endpoint.ts";
import { createHttpEndpoint } from "../../store/http-endpoint.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { batchFrom, mondayMs } from "./batches.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();
const run = promisify(execFile);

let opened: OpenedStore<EmbeddedStore>;
let endpoint: HttpEndpoint;
let locked: HttpEndpoint;
let url = "";
let lockedUrl = "";

beforeAll(async () => {
  opened = await engine.open("plumbline");
  await opened.store.migrate();
  await opened.store.append(batchFrom(0, 3), { delivery: "first" });
  const config = engine.config("plumbline").http;
  endpoint = createHttpEndpoint({ store: opened.store, config, log: silentLog });
  locked = createHttpEndpoint({ store: opened.store, config: { ...config, password: "secret" }, log: silentLog });
  url = await endpoint.listen();
  lockedUrl = await locked.listen();
});

afterAll(async () => {
  await endpoint.close();
  await locked.close();
  await opened.close();
  await engine.remove();
});

const ask = (sql: string, parameters: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${url}/?${new URLSearchParams(parameters).toString()}`, { method: "POST", body: sql });

const blockInfo = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);

/** A column of each kind of type, three rows long; each name is followed by its type and then by its values. */
const manyTypes = `SELECT ${[
  "number",
  "toString(number)",
  "toNullable(toString(number))",
  "toLowCardinality(toString(number))",
  "CAST(if(number = 1, NULL, 'x'), 'LowCardinality(Nullable(String))')",
  "range(number)",
  "arrayMap(x -> toLowCardinality(toString(x)), range(number))",
  "[[toString(number)], []]",
  "(number, toString(number))",
  "CAST((1, 'b'), 'Tuple(a UInt8, `b, c` LowCardinality(String))')",
  "map('a', number, 'b', 2)",
  "CAST(map('a', map('b', 'c')), 'Map(LowCardinality(String), Map(String, LowCardinality(String)))')",
  "toDecimal32(1, 2)",
  "toDecimal128(1, 20)",
  "toDecimal256(1, 50)",
  "toFixedString('abc', 5)",
  "CAST('a)', 'Enum8(\\'a)\\' = 1, \\'b,(\\' = 2)')",
  "toDateTime64('2026-01-05 00:00:00', 9, 'UTC')",
  "toDate('2026-01-05')",
  "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')",
  "toIPv6('::1')",
  "toIntervalDay(number)",
  "true",
  "NULL",
  "CAST(number, 'SimpleAggregateFunction(sum, UInt64)')",
]
  .map((expression, index) => `${expression} AS c${index}_`)
  .join(", ")} FROM numbers(3)`;

/** The byte behind the header of a column. */
const marksAfter = (bytes: Buffer, name: string): number => {
  const typeAt = bytes.indexOf(name) + name.length;
  const length = bytes.readUInt8(typeAt);
  return bytes.readUInt8(typeAt + 1 + length);
};

describe("the client of ClickHouse", () => {
  it("pings, and reads with parameters, as JSON and row by row", async () => {
    const client = createClient({ url, database: "plumbline", compression: { response: true } });
    expect(await client.ping()).toMatchObject({ success: true });
    const query =
      "SELECT call_id, {text:String} AS text FROM calls WHERE tenant IN {tenants:Array(String)} ORDER BY started_at LIMIT {n:UInt8}";
    const parameters = { text: "it's \\ any\ttext", n: 2, tenants: ["it's", "acme"] };
    const whole = await client.query({ query, query_params: parameters });
    expect((await whole.json()).data).toEqual([
      { call_id: "0000000000000001", text: "it's \\ any\ttext" },
      { call_id: "0000000000000002", text: "it's \\ any\ttext" },
    ]);
    const streamed = await client.query({ query: "SELECT number FROM numbers(3)", format: "JSONEachRow" });
    expect(await streamed.json()).toHaveLength(3);
    await client.close();
  });

  it("is refused to insert, with the engine's own error", async () => {
    const client = createClient({ url, database: "plumbline", log: { level: ClickHouseLogLevel.OFF } });
    const insert = client.insert({ table: "calls", values: [{ call_id: "x" }], format: "JSONEachRow" });
    await expect(insert).rejects.toMatchObject({ code: "164" });
    await client.close();
  });

  it("is a store of its own on the address of another process", async () => {
    const config = storeConfig.parse({ kind: "server", url, username: "reader" });
    if (config.kind !== "server") throw new Error("the configuration is of another kind");
    const store = openServerStore({ config, clock: virtualClock(), ids: randomIds, log: silentLog });
    const range = { fromMs: mondayMs, toMs: mondayMs + 60_000, stepSeconds: 60, where: { tenant: "acme" } };
    expect(await store.ask("totals", range)).toMatchObject([{ calls: "3" }]);
    expect(await store.query("SELECT count() AS n FROM calls")).toEqual([{ n: "3" }]);
    await store.close();
  });
});

describe("any program", () => {
  it("reads by GET and by POST, in the format it asks for", async () => {
    const byGet = await fetch(
      `${url}/?${new URLSearchParams({ query: "SELECT 1 AS a", default_format: "JSONEachRow" }).toString()}`,
    );
    expect([byGet.status, byGet.headers.get("x-clickhouse-format"), await byGet.text()]).toEqual([
      200,
      "JSONEachRow",
      '{"a":1}\n',
    ]);
    const byPost = await ask("SELECT 1, 'a' FORMAT CSV");
    expect([byPost.headers.get("x-clickhouse-format"), await byPost.text()]).toEqual(["CSV", '1,"a"\n']);
    expect(byPost.headers.get("x-clickhouse-query-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("may compress what it sends and what it gets", async () => {
    const response = await fetch(`${url}/?enable_http_compression=1`, {
      method: "POST",
      headers: { "content-encoding": "gzip", "accept-encoding": "gzip" },
      body: gzipSync("SELECT count() FROM calls"),
    });
    expect([response.headers.get("content-encoding"), await response.text()]).toEqual(["gzip", "3\n"]);
  });

  it("is told that ClickHouse's own compression is not served", async () => {
    const response = await ask("SELECT 1", { compress: "1" });
    expect([response.status, response.headers.get("x-clickhouse-exception-code")]).toEqual([501, "48"]);
  });

  it("gets Native of the revision that it speaks, whatever the types", async () => {
    const read = async (parameters: Readonly<Record<string, string>>): Promise<Buffer> =>
      Buffer.from(await (await ask(manyTypes, { default_format: "Native", ...parameters })).arrayBuffer());
    const plain = await read({});
    const columns = plain.readUInt8(0);
    const withInfo = await read({ client_protocol_version: "54453" });
    expect(withInfo).toEqual(Buffer.concat([blockInfo, plain]));
    const newest = await read({ client_protocol_version: "54460" });
    expect(newest.length).toBe(plain.length + blockInfo.length + columns);
    expect(Array.from({ length: columns }, (_, index) => marksAfter(newest, `c${index}_`))).toEqual(
      Array.from({ length: columns }, () => 0),
    );
  });

  it("gets an error for a type that Native of its revision cannot be made of", async () => {
    const response = await ask("SELECT uniqState(1) AS s", {
      default_format: "Native",
      client_protocol_version: "54460",
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("AggregateFunction(uniq, UInt8)");
  });

  it("reads with curl", async () => {
    const { stdout } = await run("curl", ["-sS", `${url}/`, "--data-binary", "SELECT count() FROM calls"]);
    expect(stdout).toBe("3\n");
  });

  it.each([
    { sql: "SELECT nothing", status: 400, code: "47" },
    { sql: "SELEC 1", status: 403, code: "164" },
    { sql: "SELECT * FROM nowhere", status: 404, code: "60" },
    { sql: "SELECT 1; SELECT 2", status: 400, code: "62" },
  ])("gets the engine's error for $sql", async ({ sql, status, code }) => {
    const response = await ask(sql);
    expect([response.status, response.headers.get("x-clickhouse-exception-code")]).toEqual([status, code]);
    expect(await response.text()).toContain(`Code: ${code}. DB::Exception: `);
  });

  it("is told when an answer is larger than it may be, or takes longer", async () => {
    const rows = await ask("SELECT number FROM numbers(1000)", { max_result_rows: "10" });
    expect(rows.headers.get("x-clickhouse-exception-code")).toBe("396");
    const time = await ask("SELECT count() FROM numbers(1000000000000)", { max_execution_time: "0.1" });
    expect(time.headers.get("x-clickhouse-exception-code")).toBe("159");
  });
});

describe("a reader", () => {
  it.each([
    "SELECT * FROM file('/etc/hostname')",
    "SELECT * FROM '/etc/hostname'",
    "SELECT * FROM default.`/etc/hostname`",
    "SELECT file('/etc/hostname')",
    "SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a Int8')",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/a.csv', CSV, 'a Int8')",
    "SELECT * FROM executable('ls', CSV, 'a String')",
    "SELECT * FROM remote('127.0.0.1:1', system.one)",
    "SELECT * FROM eval('SELECT file(''/etc/hostname'')')",
    "DESCRIBE url('http://127.0.0.1:1/', CSV, 'a Int8')",
    "SELECT 1 INTO OUTFILE 'plumbline-test.out'",
    "WITH 1 AS x INSERT INTO schema_migrations (version, name) SELECT 9, 'x'",
    "INSERT INTO calls (call_id) VALUES ('x')",
    "CREATE TABLE t (a Int8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE t (a Int8)",
    "DROP TABLE calls",
    "TRUNCATE TABLE calls",
    "ALTER TABLE calls DELETE WHERE 1",
    "OPTIMIZE TABLE calls",
    "KILL QUERY WHERE 1",
    "SYSTEM STOP MERGES",
    "SET readonly = 0",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_execution_time = 0",
    "BACKUP TABLE calls TO File('x')",
    "GRANT ALL ON *.* TO default",
  ])("is refused %s", async (sql) => {
    const response = await ask(sql, { readonly: "0", allow_experimental_eval_table_function: "1" });
    expect(response.ok).toBe(false);
    expect(Number(response.headers.get("x-clickhouse-exception-code"))).toBeGreaterThan(0);
    expect(await opened.store.query("SELECT count() AS n FROM calls")).toEqual([{ n: "3" }]);
  });

  it("must know the password where there is one, and may give it in three ways", async () => {
    const statusWith = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
      (await fetch(`${lockedUrl}/?query=SELECT+1${path}`, { headers })).status;
    expect(await statusWith("")).toBe(403);
    expect(await statusWith("&user=reader&password=wrong")).toBe(403);
    expect(await statusWith("&user=admin&password=secret")).toBe(403);
    expect(await statusWith("&user=reader&password=secret")).toBe(200);
    expect(await statusWith("", { "x-clickhouse-user": "reader", "x-clickhouse-key": "secret" })).toBe(200);
    expect(await statusWith("", { authorization: `Basic ${btoa("reader:secret")}` })).toBe(200);
  });

  it("must call loopback by its own name", async () => {
    const request = get(`${url}/?query=SELECT+1`, { headers: { host: "rebound.example" } });
    const [response] = await once(request, "response");
    response.resume();
    expect(response.statusCode).toBe(403);
  });
});
