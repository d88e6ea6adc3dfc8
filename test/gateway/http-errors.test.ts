import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { InstrumentKey, Meter } from "../../core/instruments.ts";
import { silentMeter } from "../../core/instruments.ts";
import { errorOf } from "./support/caller.ts";
import { answerJson } from "./support/mock-upstream.ts";
import { completion } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const message = { role: "user", content: "x" };

describe("a request that is no call", () => {
  test.each([
    { name: "malformed JSON", body: '{"model":', param: null },
    { name: "an empty body", body: "", param: null },
    { name: "an array", body: "[]", param: null },
    { name: "null", body: "null", param: null },
    { name: "bytes that are no UTF-8", body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), param: null },
    { name: "a missing model", body: { messages: [message] }, param: "model" },
    { name: "a model that is a number", body: { model: 4, messages: [message] }, param: "model" },
    { name: "missing messages", body: { model: "up-1" }, param: "messages" },
    { name: "no message", body: { model: "up-1", messages: [] }, param: "messages" },
    { name: "messages that are text", body: { model: "up-1", messages: "hi" }, param: "messages" },
    { name: "a message that is text", body: { model: "up-1", messages: [message, "hi"] }, param: "messages[1]" },
    {
      name: "a message without a role",
      body: { model: "up-1", messages: [{ content: "x" }] },
      param: "messages[0].role",
    },
    {
      name: "content that is a number",
      body: { model: "up-1", messages: [{ role: "user", content: 5 }] },
      param: "messages[0].content",
    },
    { name: "a stream flag that is text", body: { ...hello, stream: "yes" }, param: "stream" },
    { name: "stream options that are an array", body: { ...hello, stream_options: [] }, param: "stream_options" },
    { name: "a limit that is text", body: { ...hello, max_tokens: "9" }, param: "max_tokens" },
    { name: "a temperature that is text", body: { ...hello, temperature: "hot" }, param: "temperature" },
    { name: "a user that is an object", body: { ...hello, user: {} }, param: "user" },
  ])("is answered with 400: $name", async ({ body, param }) => {
    await using system = await startTestGateway();
    const response = await system.ask({ body });
    expect(response.status).toBe(400);
    expect(errorOf(response)).toMatchObject({ type: "invalid_request_error", param, code: "request.malformed" });
    expect(response.headers["x-request-id"]).toMatch(/^[0-9a-f]{16}$/);
    expect(system.recorded.calls).toEqual([]);
    expect(system.upstream.requests).toEqual([]);
  });

  test.each([
    { name: "an unknown model", request: { body: { ...hello, model: "gpt-9" } }, status: 404, code: "model_not_found" },
    {
      name: "an unknown route",
      request: { body: hello, headers: { "x-plumbline-route": "nope" } },
      status: 404,
      code: "request.unknown_route",
    },
    {
      name: "a tenant that is no ASCII",
      request: { body: hello, headers: { "x-plumbline-tenant": "caf\u00e9" } },
      status: 400,
      code: "request.malformed",
    },
    {
      name: "a session that is too long",
      request: { body: hello, headers: { "x-plumbline-session": "s".repeat(129) } },
      status: 400,
      code: "request.malformed",
    },
    {
      name: "a compressed body",
      request: { body: hello, headers: { "content-encoding": "gzip" } },
      status: 400,
      code: "request.malformed",
    },
    {
      name: "an unknown path",
      request: { path: "/v1/completions", body: {} },
      status: 404,
      code: "request.unknown_path",
    },
    {
      name: "a path that cannot be decoded",
      request: { path: "/v1/%E0%A4%A" },
      status: 404,
      code: "request.unknown_path",
    },
    { name: "a wrong method", request: { method: "PUT", body: hello }, status: 405, code: "request.unknown_path" },
    { name: "a wrong method elsewhere", request: { path: "/healthz" }, status: 405, code: "request.unknown_path" },
  ])("is answered with $status: $name", async ({ request, status, code }) => {
    await using system = await startTestGateway();
    const response = await system.ask(request);
    expect([response.status, errorOf(response).code]).toEqual([status, code]);
    expect(response.headers["content-type"]).toBe("application/json");
    expect(response.headers["x-powered-by"]).toBe(undefined);
    expect(system.recorded.calls).toEqual([]);
  });

  test("a wrong method is told which one is right", async () => {
    await using system = await startTestGateway();
    expect((await system.ask({ method: "DELETE" })).headers.allow).toBe("POST");
  });

  test.each([{ announced: true }, { announced: false }])(
    "is answered with 413 when its body is over the limit, its length announced: $announced",
    async ({ announced }) => {
      await using system = await startTestGateway({ config: { bodyLimitBytes: 1_024 } });
      const body = JSON.stringify({ ...hello, padding: "x".repeat(3_000_000) });
      const headers: Record<string, string> = announced ? {} : { "transfer-encoding": "chunked" };
      const response = await system.ask({ body, headers });
      expect([response.status, errorOf(response).code]).toEqual([413, "request.too_large"]);
      expect(system.recorded.calls).toEqual([]);
    },
  );

  test("a body of exactly the limit is accepted", async () => {
    const short = JSON.stringify({ ...hello, padding: "" });
    const body = JSON.stringify({ ...hello, padding: "x".repeat(1_024 - short.length) });
    await using system = await startTestGateway({
      config: { bodyLimitBytes: 1_024 },
      script: answerJson(completion("ok")),
    });
    expect((await system.ask({ body })).status).toBe(200);
  });

  test("is counted by its code", async () => {
    const added: (readonly [InstrumentKey, unknown])[] = [];
    const meter: Meter = { ...silentMeter, add: (key, _value, labels) => added.push([key, labels]) };
    await using system = await startTestGateway({ deps: { meter } });
    await system.ask({ body: "{" });
    expect(added).toEqual([["gatewayRejected", { code: "request.malformed" }]]);
  });

  test("a caller that goes away before its request is complete leaves nothing behind", async () => {
    await using system = await startTestGateway();
    const socket = connect(system.port, "127.0.0.1");
    socket.write("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    await once(socket, "connect");
    socket.resetAndDestroy();
    expect((await system.ask({ path: "/healthz", method: "GET" })).status).toBe(200);
    expect(system.recorded.calls).toEqual([]);
  });
});

test.each(["/v1/chat/completions?api-version=1", "/v1/chat/completions/", "/V1/chat/completions"])(
  "a call whose path is written as %s is a call",
  async (path) => {
    await using system = await startTestGateway({ script: answerJson(completion("ok")) });
    expect((await system.ask({ path, body: hello })).status).toBe(200);
    expect(system.recorded.calls).toHaveLength(1);
  },
);
