import { readdir } from "node:fs/promises";
import { IncomingMessage, request } from "node:http";
import { Socket } from "node:net";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "../../core/log.ts";
import type { EmbeddedStore } from "../../store/clickhouse.ts";
import { embeddedStoreConfig } from "../../store/config.ts";
import { accessOf } from "../../store/http-access.ts";
import type { HttpEndpoint } from "../../store/http-endpoint.ts";
import { createHttpEndpoint } from "../../store/http-endpoint.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";
import { writer } from "./open-over-http.ts";

const engine = await makeEngine();
const limitBytes = 1_048_576;
let opened: OpenedStore<EmbeddedStore>;
let endpoint: HttpEndpoint;
let closed: HttpEndpoint;
let url = "";
let closedUrl = "";

beforeAll(async () => {
  opened = await engine.open("plumbline");
  await opened.command(
    "CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100",
  );
  const config = { ...engine.config("plumbline").http, writer: { ...writer, maxInsertBytes: limitBytes } };
  endpoint = createHttpEndpoint({ store: opened.store, config, log: silentLog });
  closed = createHttpEndpoint({ store: opened.store, config: engine.config("plumbline").http, log: silentLog });
  url = await endpoint.listen();
  closedUrl = await closed.listen();
});

afterEach(async () => {
  expect(await readdir(join(engine.dir, "incoming"))).toEqual([]);
  await opened.command("TRUNCATE TABLE t");
});

afterAll(async () => {
  await endpoint.close();
  await closed.close();
  await opened.close();
  await engine.remove();
});

const asWriter = { "x-clickhouse-user": writer.user, "x-clickhouse-key": writer.password };

const insert = (
  query: string,
  body: string | ArrayBuffer | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${url}/?${new URLSearchParams({ query }).toString()}`, {
    method: "POST",
    body,
    headers: { ...asWriter, ...headers },
  });

const rows = (): Promise<readonly unknown[]> => opened.store.query("SELECT a, b FROM t ORDER BY a");

const three = [
  { a: 1, b: "it's" },
  { a: 2, b: "\ttab" },
  { a: 3, b: "\u00fc" },
];

describe("a writer", () => {
  it.each([
    { who: "one whom no configuration names", at: () => closedUrl, headers: asWriter, status: 403, code: "516" },
    {
      who: "one with a wrong password",
      at: () => url,
      headers: { ...asWriter, "x-clickhouse-key": "a" },
      status: 403,
      code: "516",
    },
    {
      who: "one with no password",
      at: () => url,
      headers: { "x-clickhouse-user": "writer" },
      status: 401,
      code: "194",
    },
    { who: "a reader", at: () => url, headers: {}, status: 403, code: "164" },
  ])("is refused, as ClickHouse words it: $who", async ({ at, headers, status, code }) => {
    const query = new URLSearchParams({ query: "INSERT INTO t FORMAT CSV" }).toString();
    const response = await fetch(`${at()}/?${query}`, { method: "POST", body: '1,"a"', headers });
    expect([response.status, response.headers.get("x-clickhouse-exception-code")]).toEqual([status, code]);
    expect(await response.text()).toContain(`Code: ${code}. DB::Exception: `);
    expect(await rows()).toEqual([]);
  });

  it.each([
    { from: "loopback", role: "nobody" },
    { from: "network", role: "writer" },
  ] as const)("that comes from elsewhere is $role where $from is configured", ({ from, role }) => {
    const elsewhere = new IncomingMessage(new Socket());
    elsewhere.headers = asWriter;
    const config = { ...engine.config("plumbline").http, writer: { ...writer, from } };
    expect(accessOf(elsewhere, { url: new URL("http://localhost/"), config }).role).toBe(role);
  });

  it("must be configured with where it comes from, and with a name of its own", () => {
    const parse = (given: object): boolean => embeddedStoreConfig.safeParse({ http: { writer: given } }).success;
    expect(parse({ password: "p", from: "network" })).toBe(true);
    expect(parse({ password: "p" })).toBe(false);
    expect(parse({ from: "loopback" })).toBe(false);
    expect(parse({ password: "p", from: "loopback", user: "default" })).toBe(false);
    expect(parse({ password: "p", from: "loopback", user: "reader" })).toBe(false);
  });

  it("inserts with ClickHouse's client, compressed or not", async () => {
    for (const isCompressed of [true, false]) {
      const { user: username, password } = writer;
      const client = createClient({ url, username, password, compression: { request: isCompressed, response: true } });
      await client.insert({
        table: "t",
        values: three.slice(isCompressed ? 0 : 1, isCompressed ? 1 : 3),
        format: "JSONEachRow",
      });
      await client.close();
    }
    expect(await rows()).toEqual(three);
  });

  it("inserts in any format, binary ones as well, and gets back the id of its statement", async () => {
    const csv = await insert(
      "INSERT INTO t (a, b) SETTINGS input_format_parallel_parsing = 0 FORMAT CSV",
      '1,"it\'s"\n2,"\ttab"\n3,ü\n',
    );
    expect([csv.status, await csv.text()]).toEqual([200, ""]);
    const native = await fetch(`${url}/?query=SELECT+a+%2B+10+AS+a,+b+FROM+t+FORMAT+Native&query_id=mine:1`);
    expect(native.headers.get("x-clickhouse-query-id")).toBe("mine:1");
    await insert("INSERT INTO t (a, b) FORMAT Native", await native.arrayBuffer());
    expect(await rows()).toEqual([...three, ...three.map(({ a, b }) => ({ a: a + 10, b }))]);
  });

  it.each([
    { encoding: "gzip", compress: gzipSync },
    { encoding: "zstd", compress: zstdCompressSync },
  ])("may compress its rows with $encoding", async ({ encoding, compress }) => {
    await insert("INSERT INTO t FORMAT CSV", new Uint8Array(compress('1,"a"')), { "content-encoding": encoding });
    expect(await rows()).toEqual([{ a: 1, b: "a" }]);
  });

  it("is counted once when it sends a token again", async () => {
    const query = "INSERT INTO t SETTINGS insert_deduplicate = 1, insert_deduplication_token = 'x' FORMAT CSV";
    await insert(query, '1,"a"');
    await insert(query, '2,"b"');
    expect(await rows()).toEqual([{ a: 1, b: "a" }]);
    const settings = new URLSearchParams({ query: "INSERT INTO t FORMAT CSV", insert_deduplication_token: "x" });
    await fetch(`${url}/?${settings.toString()}`, { method: "POST", body: '3,"c"', headers: asWriter });
    expect(await rows()).toEqual([{ a: 1, b: "a" }]);
  });

  it("that dies in the middle of its rows has inserted none", async () => {
    const query = new URLSearchParams({ query: "INSERT INTO t FORMAT CSV" }).toString();
    const dying = request(`${url}/?${query}`, { method: "POST", headers: asWriter });
    dying.on("error", () => {});
    dying.write('1,"a"\n');
    while ((await readdir(join(engine.dir, "incoming"))).length === 0) await new Promise(setImmediate);
    dying.destroy();
    while ((await readdir(join(engine.dir, "incoming"))).length > 0) await new Promise(setImmediate);
    expect(await rows()).toEqual([]);
  });

  it("may send so many bytes and no more, compressed or not", async () => {
    const line = `1,"${"a".repeat(1_000)}"\n`;
    const tooMany = line.repeat(Math.ceil(limitBytes / line.length) + 1);
    const plain = await insert("INSERT INTO t FORMAT CSV", tooMany);
    expect([plain.status, plain.headers.get("x-clickhouse-exception-code")]).toEqual([413, "241"]);
    const gzip = await insert("INSERT INTO t FORMAT CSV", new Uint8Array(gzipSync(tooMany)), {
      "content-encoding": "gzip",
    });
    expect(gzip.status).toBe(413);
    expect(await rows()).toEqual([]);
  });

  it.each([
    { query: "INSERT INTO t FORMAT CSV", body: "x,y,z", headers: {}, status: 400, code: "27" },
    { query: "INSERT INTO nowhere FORMAT CSV", body: "1", headers: {}, status: 404, code: "60" },
    { query: "INSERT INTO t FORMAT CSV", body: "1", headers: { "content-encoding": "br" }, status: 501, code: "48" },
    { query: "DROP TABLE t", body: "", headers: {}, status: 403, code: "164" },
    { query: "ALTER TABLE t FREEZE", body: "", headers: {}, status: 403, code: "497" },
    {
      query: "INSERT INTO t SELECT * FROM url('http://127.0.0.1:1/')",
      body: "",
      headers: {},
      status: 403,
      code: "497",
    },
    {
      query: "INSERT INTO t SELECT * FROM remote('127.0.0.1:1', system.one)",
      body: "",
      headers: {},
      status: 403,
      code: "497",
    },
  ])("gets the engine's error for $query with '$body'", async ({ query, body, headers, status, code }) => {
    const response = await insert(query, body, headers);
    expect([response.status, response.headers.get("x-clickhouse-exception-code")]).toEqual([status, code]);
  });

  it("creates and alters tables of its database, and reads like a reader", async () => {
    const statements = [
      "CREATE TABLE u (a UInt8) ENGINE = MergeTree ORDER BY a",
      "ALTER TABLE u ADD COLUMN b UInt8",
      "INSERT INTO u (a, b) VALUES (1, 2)",
    ];
    for (const statement of statements) {
      expect((await fetch(url, { method: "POST", body: statement, headers: asWriter })).status).toBe(200);
    }
    const read = await fetch(url, { method: "POST", body: "SELECT * FROM u FORMAT CSV", headers: asWriter });
    expect(await read.text()).toBe("1,2\n");
    await opened.command("DROP TABLE u");
  });

  it("is waited for by whoever asks what is under way, also when it has no thread of the engine yet", async () => {
    const sql = "INSERT INTO t SELECT number, toString(sleepEachRow(0.05)) FROM numbers(3)";
    const slow = Array.from({ length: 6 }, () => opened.store.rawWrite({ sql, database: null, settings: {} }));
    const [row] = await opened.store.query("SELECT countIf(query LIKE 'INSERT%') AS running FROM system.processes");
    expect(row).toEqual({ running: "0" });
    await Promise.all(slow);
  });

  it("says at once that its client wrote a wrong statement, without a line on the console", async () => {
    const { user: username, password } = writer;
    const client = createClient({ url, username, password, log: { level: ClickHouseLogLevel.OFF } });
    await expect(client.command({ query: "ALTER TABLE nowhere ADD COLUMN a Int8" })).rejects.toMatchObject({
      code: "60",
    });
    await client.close();
  });
});
