import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { hello, startTestGateway } from "./support/test-gateway.ts";

/** The first line of the answer to bytes that no client would send. */
const statusLine = async (port: number, bytes: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.end(bytes);
  return (await text(socket)).split("\r\n")[0] ?? "";
};

const post = (path: string, headers: string): string => {
  const body = JSON.stringify(hello);
  return `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
};
const calls = "/v1/chat/completions";

test.each([
  { name: "headers of 20 KB", bytes: post(calls, `x-a: ${"a".repeat(20_000)}\r\n`), status: /^HTTP\/1.1 431 / },
  {
    name: "a bare return in a header",
    bytes: post(calls, "x-plumbline-tenant: a\rb: c\r\n"),
    status: /^HTTP\/1.1 400 /,
  },
  {
    name: "a control character in a label",
    bytes: post(calls, "x-plumbline-tenant: a\tb\r\n"),
    status: /^HTTP\/1.1 400 /,
  },
  { name: "two lengths", bytes: post(calls, "content-length: 3\r\n"), status: /^HTTP\/1.1 400 / },
  { name: "a length beside chunks", bytes: post(calls, "transfer-encoding: chunked\r\n"), status: /^HTTP\/1.1 400 / },
  { name: "a path that climbs", bytes: post("/v1/../../chat/completions", ""), status: /^HTTP\/1.1 404 / },
  { name: "an encoded path that climbs", bytes: post("/v1/%2e%2e/metrics", ""), status: /^HTTP\/1.1 404 / },
  { name: "a null byte in the path", bytes: post("/v1/chat%00/completions", ""), status: /^HTTP\/1.1 404 / },
  { name: "no HTTP at all", bytes: "\x16\x03\x01\x02\x00\r\n\r\n", status: /^HTTP\/1.1 400 / },
])("$name is refused, reaches no provider and leaves no record", async ({ bytes, status }) => {
  await using system = await startTestGateway();
  expect(await statusLine(system.port, bytes)).toMatch(status);
  expect([system.upstream.requests.length, system.recorded.calls.length]).toEqual([0, 0]);
});

test("the same request without tricks is a call", async () => {
  await using system = await startTestGateway();
  await statusLine(system.port, post(calls, "x-plumbline-tenant: a\r\n"));
  expect(system.recorded.calls).toHaveLength(1);
});
