import { describe, expect, test } from "vitest";
import { answerJson, answerStream } from "../support/mock-upstream.ts";
import { onlyEnd } from "../support/only-end.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { dataOf } from "../support/read-answer.ts";
import { surfaceReaders } from "../support/surface-answers.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const of = (kind: string) => {
  const fixture = providerFixtures.find((one) => one.kind === kind);
  if (fixture === undefined) {
    throw new Error(`there is no fixture of ${kind}`);
  }
  return fixture;
};

const message = "The provider ended the answer before it was complete.";
const errorEvents: Readonly<Record<string, object>> = {
  "/v1/chat/completions": { error: { message, type: "api_error", param: null, code: "provider.cut" } },
  "/v1/messages": { type: "error", error: { type: "api_error", message, code: "provider.cut" } },
  "/v1/responses": { type: "error", code: "provider.cut", message, param: null },
};
const endWords = ["[DONE]", "message_stop", "response.completed"];

const cuts = providerFixtures.flatMap((fixture) => surfaceReaders.map((reader) => ({ fixture, reader })));

describe("a stream that is cut", () => {
  test.each(cuts)(
    "of $fixture.kind ends $reader.path with its error event, and not quietly",
    async ({ fixture, reader }) => {
      const half = fixture.stream.subarray(0, Math.floor(fixture.stream.length * 0.55));
      await using system = await startTestGateway({
        providerAt: fixture.config,
        script: (response) => {
          response.writeHead(200, { "content-type": fixture.streamType });
          response.end(half);
        },
      });
      const answer = await system.ask({ path: reader.path, body: { ...reader.request, ...reader.streaming } });
      const text = answer.body.toString();
      expect(dataOf(text).at(-1)).toEqual(errorEvents[reader.path]);
      expect(endWords.filter((word) => text.includes(word))).toEqual([]);
      expect(await onlyEnd(system)).toMatchObject({ outcome: "upstream_cut" });
    },
  );
});

describe("an error of the provider", () => {
  test.each([
    {
      kind: "anthropic",
      body: { type: "error", error: { type: "overloaded_error", message: "Busy." } },
      headers: {},
      errorType: "overloaded_error",
    },
    {
      kind: "gemini",
      body: { error: { code: 529, message: "Busy.", status: "UNAVAILABLE" } },
      headers: {},
      errorType: "UNAVAILABLE",
    },
    {
      kind: "bedrock",
      body: { message: "Busy." },
      headers: { "x-amzn-errortype": "ServiceUnavailableException:http://internal.amazon.com/" },
      errorType: "ServiceUnavailableException",
    },
  ])("of $kind is told in the caller's shape", async ({ kind, body, headers, errorType }) => {
    for (const reader of surfaceReaders.filter(({ path }) => kind !== "anthropic" || path !== "/v1/messages")) {
      await using system = await startTestGateway({
        providerAt: of(kind).config,
        script: answerJson(body, 529, headers),
      });
      const answer = await system.ask({ path: reader.path, body: reader.request });
      const expected =
        reader.path === "/v1/messages"
          ? { type: "error", error: { type: "overloaded_error", message: "Busy.", code: errorType } }
          : { error: { message: "Busy.", type: "api_error", param: null, code: errorType } };
      expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([529, expected]);
      expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error", errorType, httpStatus: 529 });
    }
  });

  test("within a stream ends it in the caller's shape, and is not followed by an end that looks well", async () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Busy." } };
    await using system = await startTestGateway({
      providerAt: of("anthropic").config,
      script: answerStream([`event: error\ndata: ${JSON.stringify(error)}\n\n`]),
    });
    const [reader] = surfaceReaders;
    const answer = await system.ask({ path: reader?.path ?? "", body: { ...reader?.request, ...reader?.streaming } });
    const sent = { message: "Busy.", type: "overloaded_error", param: null, code: "overloaded_error" };
    expect(answer.body.toString()).toBe(`data: ${JSON.stringify({ error: sent })}\n\n`);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error", errorType: "overloaded_error" });
  });

  test.each(["not JSON", "[]", '{"other":1}'])("that is no answer at all is an error: %s", async (body) => {
    await using system = await startTestGateway({
      providerAt: of("anthropic").config,
      script: (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(body);
      },
    });
    const answer = await system.ask({ body: surfaceReaders[0]?.request });
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
      502,
      { error: { code: "provider.malformed" } },
    ]);
    expect(await onlyEnd(system)).toMatchObject({ outcome: "provider_error", errorType: "malformed_answer" });
  });
});

describe("a request that the target cannot serve", () => {
  const user = (part: object) => ({ model: "up-1", messages: [{ role: "user", content: [part] }] });
  const image = (url: string) => user({ type: "image_url", image_url: { url } });
  test.each([
    { kind: "anthropic", body: { ...image("data:image/png;base64,AA=="), n: 2 }, words: "several choices" },
    { kind: "anthropic", body: user({ type: "input_audio", input_audio: {} }), words: "audio" },
    { kind: "anthropic", body: user({ type: "file", file: {} }), words: "files" },
    {
      kind: "openai",
      path: "/v1/messages",
      body: {
        model: "up-1",
        max_tokens: 1,
        messages: [
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "c1", content: [{ type: "image", source: {} }] }],
          },
        ],
      },
      words: "files and other kinds of content",
    },
    { kind: "gemini", body: image("https://example.com/a.png"), words: "images given by address" },
    {
      kind: "bedrock",
      body: { ...user({ type: "text", text: "a" }), response_format: { type: "json_schema" } },
      words: "a JSON schema",
    },
    {
      kind: "bedrock",
      body: { ...user({ type: "text", text: "a" }), logprobs: true },
      words: "probabilities of tokens",
    },
    {
      kind: "openai",
      path: "/v1/responses",
      body: { model: "up-1", input: "Hi", previous_response_id: "r" },
      words: "keeps between calls",
    },
    {
      kind: "openai",
      path: "/v1/responses",
      body: { model: "up-1", tools: [{ type: "web_search" }] },
      words: "runs itself",
    },
    {
      kind: "anthropic",
      path: "/v1/embeddings",
      body: { model: "up-1", input: "a" },
      words: "cannot serve /v1/embeddings",
    },
    {
      kind: "gemini",
      path: "/v1/embeddings",
      body: { model: "up-1", input: [[1, 2]] },
      words: "inputs given as tokens",
    },
  ])("is not sent to $kind, and told why: $words", async ({ kind, path, body, words }) => {
    await using system = await startTestGateway({ providerAt: of(kind).config });
    const answer = await system.ask({ ...(path === undefined ? {} : { path }), body });
    const error = { code: "request.unsupported", message: expect.stringContaining(words) };
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([400, { error }]);
    expect([system.upstream.requests.length, system.recorded.calls.length]).toEqual([0, 0]);
  });
});

describe("embeddings", () => {
  test("of Gemini come as OpenAI's", async () => {
    await using system = await startTestGateway({
      providerAt: of("gemini").config,
      script: answerJson({ embeddings: [{ values: [0.5, 0.25] }, { values: [1, 0] }] }),
    });
    const body = { model: "up-1", input: ["a", "b"], dimensions: 2 };
    const answer = await system.ask({ path: "/v1/embeddings", body });
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      object: "list",
      data: [
        { index: 0, embedding: [0.5, 0.25] },
        { index: 1, embedding: [1, 0] },
      ],
    });
    expect(system.upstream.requests[0]?.url).toBe("/v1beta/models/up-1:batchEmbedContents");
    expect(system.recorded.calls[0]?.start.operation).toBe("embeddings");
    expect(await onlyEnd(system)).toMatchObject({ outcome: "ok" });
  });
});
