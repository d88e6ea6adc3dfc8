import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorOf } from "./support/caller.ts";
import { answerJson, answerStream } from "./support/mock-upstream.ts";
import { completion, delta, done } from "./support/openai-bytes.ts";
import { hello, providerAt, startTestGateway } from "./support/test-gateway.ts";

describe("the request to the provider", () => {
  test("is the caller's body, byte for byte", async () => {
    await using system = await startTestGateway({ script: answerJson(completion("ok")) });
    const body = Buffer.from(
      ' {"x_unknown":{"a":1.50,"b":[ ]},"model":"up-1", "messages":[{"role":"user","content":"\\u00e9é😀"}],"seed":1e2}\n',
    );
    await system.ask({ body });
    expect(system.upstream.requests[0]?.url).toBe("/v1/chat/completions");
    expect(system.upstream.requests[0]?.body).toEqual(body);
  });

  test("carries the provider's key and trace context, and nothing of the caller's own authorization", async () => {
    await using system = await startTestGateway({
      script: answerJson(completion("ok")),
      provider: { headers: { "api-version": "7" } },
    });
    await system.ask({
      body: hello,
      headers: {
        authorization: "Bearer sk-caller",
        cookie: "a=b",
        "openai-beta": "x=1",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        tracestate: "a=1",
        "x-plumbline-tenant": "acme",
      },
    });
    const { headers } = await system.upstream.nextRequest();
    expect(headers).toMatchObject({
      authorization: "Bearer sk-provider-key",
      "api-version": "7",
      "accept-encoding": "identity",
      "content-type": "application/json",
      "openai-beta": "x=1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01",
      tracestate: "a=1",
    });
    expect(Object.keys(headers)).not.toContain("cookie");
    expect(Object.keys(headers)).not.toContain("x-plumbline-tenant");
  });

  test("has the model that the target names", async () => {
    await using system = await startTestGateway({
      script: answerJson(completion("ok")),
      config: {
        routes: { main: { models: ["up-1"], targets: [{ provider: "up", model: "real-7", variant: "canary" }] } },
      },
    });
    await system.ask({ body: '{ "model" : "up-1", "messages":[{"role":"user","content":"x"}] }' });
    expect(system.upstream.requests[0]?.body.toString()).toBe(
      '{ "model" : "real-7", "messages":[{"role":"user","content":"x"}] }',
    );
    const call = await system.recorded.ended(0);
    expect(call.start).toMatchObject({ modelRequested: "up-1", variant: "canary", route: "main" });
    expect(call.attempts[0]?.start).toMatchObject({ number: 1, target: "up/real-7", model: "real-7" });
  });
});

describe("the answer to the caller", () => {
  test("has the provider's status, type and bytes, and the call's id", async () => {
    const text = '{ "id":"x", "unknown":1.0, "choices":[] }\n';
    await using system = await startTestGateway({
      script: (response) => {
        response.writeHead(200, {
          "content-type": "application/json; charset=utf-8",
          "x-request-id": "req_up",
          "openai-processing-ms": "12",
          "set-cookie": "a=b",
          "keep-alive": "timeout=7",
          connection: "keep-alive, x-private",
          "x-private": "1",
        });
        response.end(text);
      },
    });
    const response = await system.ask({ body: hello });
    expect([response.status, response.body.toString()]).toEqual([200, text]);
    expect(response.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "x-request-id": system.recorded.calls[0]?.callId,
      "x-provider-request-id": "req_up",
      "openai-processing-ms": "12",
    });
    expect(Object.keys(response.headers)).not.toContain("set-cookie");
    expect(Object.keys(response.headers)).not.toContain("x-private");
  });

  test.each([
    { status: 400, outcome: "provider_error", errorType: "context_length_exceeded" },
    { status: 401, outcome: "provider_error", errorType: "context_length_exceeded" },
    { status: 429, outcome: "rate_limited", errorType: "context_length_exceeded" },
    { status: 500, outcome: "provider_error", errorType: "context_length_exceeded" },
  ])("is the provider's own error of status $status", async ({ status, outcome, errorType }) => {
    const error = { error: { message: "no", type: "invalid_request_error", code: "context_length_exceeded" } };
    await using system = await startTestGateway({ script: answerJson(error, status, { "retry-after": "3" }) });
    for (const stream of [false, true]) {
      const response = await system.ask({ body: { ...hello, stream } });
      expect([response.status, response.body.toString()]).toEqual([status, JSON.stringify(error)]);
      expect(response.headers["retry-after"]).toBe("3");
    }
    for (const { ends } of system.recorded.calls) {
      expect(ends).toMatchObject([{ outcome, errorType, httpStatus: status, usage: { source: "none" }, ttftMs: null }]);
    }
    expect(system.recorded.calls).toHaveLength(2);
  });

  test("is passed on unread when it is no JSON or compressed", async () => {
    await using system = await startTestGateway({
      script: (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>hi</p>"),
    });
    expect((await system.ask({ body: hello })).body.toString()).toBe("<p>hi</p>");
    system.upstream.script((response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "br" });
      response.end(Buffer.from([1, 2, 3, 255]));
    });
    const response = await system.ask({ body: { ...hello, stream: true } });
    expect([response.headers["content-encoding"], [...response.body]]).toEqual(["br", [1, 2, 3, 255]]);
    expect(system.recorded.calls.map(({ ends }) => ends[0]?.outcome)).toEqual(["provider_error", "ok"]);
  });

  test("a body above the limit of what is held back arrives whole", async () => {
    const chunk = Buffer.alloc(1_048_576, "x");
    await using system = await startTestGateway({
      script: (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        for (let sent = 0; sent < 20; sent += 1) {
          response.write(chunk);
        }
        response.end("end");
      },
    });
    const response = await system.ask({ body: hello });
    expect([response.body.length, response.isComplete]).toEqual([20 * chunk.length + 3, true]);
    expect(response.body.subarray(-3).toString()).toBe("end");
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok", usage: { source: "none" } }]);
  });
});

const eventText = fc.oneof(
  fc.constantFrom(
    ": keep-alive\n\n",
    "event: x\r\ndata: {}\r\n\r\n",
    "\n",
    "data: not json\n\n",
    'data: {"choices":5}\n\n',
  ),
  fc.string({ unit: "grapheme", maxLength: 20 }).map((content) => delta({ content })),
  fc.json().map((json) => `id: 4\ndata: {"x":${json}}\n\n`),
  fc.json().map((json) => `data: ${json.replaceAll("\n", "")}\r\n\r\n`),
);

describe("a stream whose caller asked for token counts", () => {
  test("arrives byte for byte, however the provider's chunks are cut", async () => {
    await using system = await startTestGateway();
    const body = { ...hello, stream: true, stream_options: { include_usage: true } };
    const streams = fc.tuple(fc.array(eventText, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(streams, async ([events, cuts]) => {
        const bytes = Buffer.from([...events, delta({}, "stop"), done].join(""));
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        system.upstream.script(answerStream(ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))));
        const response = await system.ask({ body });
        expect(response.body.toString("latin1")).toBe(bytes.toString("latin1"));
      }),
      { numRuns: 60 },
    );
    const sent = system.upstream.requests.map((request) => request.body.toString());
    expect(new Set(sent)).toEqual(new Set([JSON.stringify(body)]));
  });
});

test("the provider's key is in no record, and in no error", async () => {
  await using system = await startTestGateway({
    config: { providers: { up: providerAt(1) } },
  });
  const response = await system.ask({ body: hello });
  expect([response.status, errorOf(response).code]).toEqual([502, "provider.unreachable"]);
  await system.recorded.ended(0);
  expect(response.body.toString() + JSON.stringify(system.recorded.calls)).not.toContain("sk-provider-key");
});
