import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Log } from "../../../core/log.ts";
import { silentLog } from "../../../core/log.ts";
import { answerJson, startUpstream } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

/** Sends the bytes and no more: what then cannot become whole is given up at once. */
const exchange = async (port: number, bytes: Buffer): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.end(bytes);
  return text(socket).catch(() => "");
};

const path = fc.oneof(
  fc.constantFrom("/v1/chat/completions", "/v1/messages", "//v1/chat/completions", "/v1//chat/completions", "*", ""),
  fc.constantFrom("/v1/./chat/completions", "/%76%31/chat/completions", "/v1/chat/completions/..;/", "/v1%2fmodels"),
  fc.constantFrom("http://other.test/v1/chat/completions", "/v1/chat/completions?x=%00", "/../../etc/passwd", "/%"),
  fc.string({ maxLength: 12 }),
);
const header = fc.oneof(
  fc.constantFrom(
    "x-plumbline-tenant: a\r\nx-injected: 1",
    "x-plumbline-tenant: a\nb: c",
    "x-plumbline-route: ../..",
    ": x",
  ),
  fc.constantFrom(
    "transfer-encoding: chunked",
    "content-length: 5",
    "content-length: -1",
    "connection: upgrade",
    "expect: 1",
  ),
  fc.constantFrom("x-plumbline-session: \xff", "content-encoding: gzip", "content-type: text/x\x00y", " folded: 1"),
  fc.tuple(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 })).map(([name, value]) => `${name}: ${value}`),
);
const request = fc
  .record({
    method: fc.constantFrom("POST", "GET", "PUT", "post", "CONNECT", "P\u0000ST"),
    path,
    headers: fc.array(header, { maxLength: 4 }),
    body: fc.oneof(fc.constant(JSON.stringify(hello)), fc.string({ maxLength: 20 })),
  })
  .map(({ method, path: at, headers, body }) => {
    const lines = [`${method} ${at} HTTP/1.1`, "host: x", "connection: close", ...headers];
    return Buffer.from(`${lines.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n${body}`, "latin1");
  });

test("whatever bytes come to its port, the gateway answers or hangs up, and serves the next call", async () => {
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (...args: unknown[]) => void errors.push(args) };
  await using system = await startTestGateway({ script: answerJson(completion("ok")), deps: { log } });
  const law = fc.asyncProperty(request, async (bytes) => {
    const before = system.recorded.calls.length;
    const answer = await exchange(system.port, bytes);
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? "none";
    expect(["200", "none", "400", "404", "405", "408", "413", "417", "431"]).toContain(status);
    expect(answer).not.toContain("x-injected");
    const isCall = system.recorded.calls.length > before;
    expect(isCall && system.recorded.calls[before]?.ends.length !== 1).toBe(false);
    expect(errors).toEqual([]);
  });
  await fc.assert(law, { numRuns: 200 });
  expect((await system.ask({ body: hello })).status).toBe(200);
});

test.each([
  ...["//v1/chat/completions", "/v1//chat/completions", "/v1/./chat/completions", "/v1/chat/completions;x=1"],
  ...["/%76%31/chat/completions", "/v1%2fchat/completions", "/v1/chat/completions/../../../metrics"],
  "//other.test/v1/chat/completions",
])("the path %s is not resolved to another", async (tricked) => {
  await using system = await startTestGateway();
  expect((await system.ask({ path: tricked, body: hello })).status).toBe(404);
  expect([system.upstream.requests.length, system.recorded.calls.length]).toEqual([0, 0]);
});

describe("addresses in a request", () => {
  const kinds = providerFixtures.filter(({ kind }) => ["openai", "anthropic", "gemini"].includes(kind));

  test.each(kinds)("are passed on to $kind or refused, and never asked by the gateway itself", async (fixture) => {
    const victim = await startUpstream((response) => void response.end("secret"));
    const url = `http://127.0.0.1:${victim.port}/latest/meta-data`;
    await using system = await startTestGateway({ providerAt: fixture.config, script: answerJson(fixture.whole) });
    const parts = [
      { type: "text", text: "x" },
      { type: "image_url", image_url: { url } },
    ];
    const body = {
      ...{ model: "up-1", messages: [{ role: "user", content: parts }] },
      ...{ base_url: url, baseUrl: url, api_base: url, endpoint: url, callback_url: url },
    };
    const headers = { host: `127.0.0.1:${victim.port}`, "x-base-url": url, "x-forwarded-host": url, referer: url };
    const { status } = await system.ask({ body, headers });
    expect([200, 400]).toContain(status);
    expect(victim.requests).toEqual([]);
    const [asked] = system.upstream.requests;
    expect(status === 200).toBe(asked !== undefined);
    expect(asked === undefined || asked.body.includes(url)).toBe(true);
    expect(asked === undefined || asked.headers.host === `127.0.0.1:${system.upstream.port}`).toBe(true);
    await victim.close();
  });

  test("as the target of the request itself are no other host's", async () => {
    const victim = await startUpstream((response) => void response.end("secret"));
    await using system = await startTestGateway({ script: answerJson(completion("ok")) });
    const body = JSON.stringify(hello);
    const at = `http://127.0.0.1:${victim.port}/v1/chat/completions`;
    const head = `POST ${at} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}`;
    const socket = connect(system.port, "127.0.0.1");
    socket.write(`${head}\r\n\r\n${body}`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
    expect([system.upstream.requests.length, system.recorded.calls.length]).toEqual([1, 1]);
    expect(victim.requests).toEqual([]);
    await victim.close();
  });
});
