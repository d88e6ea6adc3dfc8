import { describe, expect, test } from "vitest";
import { onlyEnd } from "../support/only-end.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { dataOf } from "../support/read-answer.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const anthropic = providerFixtures.find(({ kind }) => kind === "anthropic");

const item = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text: "Hello there" }],
};
const response = {
  id: "resp_1",
  object: "response",
  status: "completed",
  model: "served-1",
  error: null,
  incomplete_details: null,
  output: [
    { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] },
    item,
    { id: "fc_1", type: "function_call", call_id: "call-1", name: "weather", arguments: "{}" },
  ],
  usage: {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 5 },
    output_tokens: 9,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 29,
  },
};
const event = (type: string, members: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const responseStream = [
  event("response.created", { response: { ...response, status: "in_progress", output: [], usage: null } }),
  event("response.output_item.added", { output_index: 0, item: { id: "rs_1", type: "reasoning", summary: [] } }),
  event("response.reasoning_summary_text.delta", { output_index: 0, delta: "Hm." }),
  event("response.output_text.delta", { output_index: 1, delta: "Hello" }),
  event("response.output_text.delta", { output_index: 1, delta: " there" }),
  event("response.output_item.added", { output_index: 2, item: { ...response.output[2], arguments: "" } }),
  event("response.function_call_arguments.delta", { output_index: 2, delta: "{}" }),
  event("response.web_search_call.completed", { unknown: ["to us"] }),
  event("response.completed", { response }),
].join("");

describe("a call whose target speaks the caller's own format", () => {
  test.each([{ isStream: false }, { isStream: true }])(
    "of messages passes byte for byte, streamed: $isStream",
    async ({ isStream }) => {
      const bytes = isStream
        ? (anthropic?.stream ?? Buffer.alloc(0))
        : Buffer.from(JSON.stringify(anthropic?.whole, null, 1));
      await using system = await startTestGateway({
        providerAt: (baseUrl) => anthropic?.config(baseUrl) ?? {},
        script: (upstream) => {
          upstream.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" });
          upstream.end(bytes);
        },
      });
      const body = ` {"model": "up-1", "max_tokens": 9, "stream": ${isStream}, "top_k": 3, "system": [{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],"messages": [{"role":"user","content":"Hi"}]}`;
      const headers = { "anthropic-version": "2024-01-01", "anthropic-beta": "b1", "x-api-key": "caller-key" };
      const answer = await system.ask({ path: "/v1/messages", body, headers });
      expect(answer.body.equals(bytes)).toBe(true);
      const [sent] = system.upstream.requests;
      expect(sent?.body.toString()).toBe(body);
      expect(sent?.headers).toMatchObject({
        "anthropic-version": "2024-01-01",
        "anthropic-beta": "b1",
        "x-api-key": "k",
      });
      const end = await onlyEnd(system);
      expect(end).toMatchObject({ outcome: "ok", usage: anthropic?.usage, finishReasons: ["tool_use"] });
      expect(end.ttftMs === null).toBe(!isStream);
      expect(JSON.parse(end.inputMessages ?? "")).toEqual([
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        { role: "user", parts: [{ type: "text", content: "Hi" }] },
      ]);
    },
  );

  test.each([{ isStream: false }, { isStream: true }])(
    "of responses passes byte for byte, streamed: $isStream",
    async ({ isStream }) => {
      const bytes = isStream ? responseStream : JSON.stringify(response);
      await using system = await startTestGateway({
        provider: { responses: true },
        script: (upstream) => {
          upstream.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" });
          upstream.end(bytes);
        },
      });
      const body = { model: "up-1", input: "Hi", stream: isStream, previous_response_id: "resp_0" };
      const answer = await system.ask({ path: "/v1/responses", body });
      expect(answer.body.toString()).toBe(bytes);
      expect(system.upstream.requests[0]).toMatchObject({ url: "/v1/responses" });
      expect(system.upstream.requests[0]?.body.toString()).toBe(JSON.stringify(body));
      const end = await onlyEnd(system);
      expect(end).toMatchObject({
        outcome: "ok",
        finishReasons: ["completed"],
        responseId: "resp_1",
        modelServed: "served-1",
        usage: { inputTokens: 20, outputTokens: 9, cacheReadTokens: 5, reasoningTokens: 2, source: "provider" },
      });
      expect(JSON.parse(end.outputMessages ?? "")).toEqual([
        {
          role: "assistant",
          parts: [
            { type: "reasoning", content: "Hm." },
            { type: "text", content: "Hello there" },
            { type: "tool_call", id: "call-1", name: "weather", arguments: "{}" },
          ],
        },
      ]);
    },
  );

  test.each([
    { name: "failed", status: "failed", outcome: "provider_error", errorType: "server_error" },
    { name: "incomplete", status: "incomplete", outcome: "ok", errorType: null },
  ])("of responses that are $name is recorded as what it is", async ({ status, outcome, errorType }) => {
    const details =
      status === "failed"
        ? { error: { code: "server_error", message: "No." } }
        : { incomplete_details: { reason: "max_output_tokens" } };
    await using system = await startTestGateway({
      provider: { responses: true },
      script: (upstream) => {
        upstream.writeHead(200, { "content-type": "text/event-stream" });
        upstream.end(event(`response.${status}`, { response: { ...response, status, ...details } }));
      },
    });
    const answer = await system.ask({ path: "/v1/responses", body: { model: "up-1", input: "Hi", stream: true } });
    expect(dataOf(answer.body.toString())).toHaveLength(1);
    expect(await onlyEnd(system)).toMatchObject({
      outcome,
      errorType,
      finishReasons: status === "failed" ? [] : ["max_output_tokens"],
    });
  });
});
