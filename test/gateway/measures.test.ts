import { describe, expect, test } from "vitest";
import { virtualClock } from "../support/virtual-clock.ts";
import { answerJson, answerStream, startStream } from "./support/mock-upstream.ts";
import { completion, countedUsage, delta, done } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });

describe("what is measured", () => {
  test.each([
    { name: "text", first: { content: "a" } },
    { name: "reasoning", first: { reasoning_content: "a" } },
    { name: "a tool call", first: { tool_calls: [{ index: 0, id: "t", function: { name: "f", arguments: "" } }] } },
  ])("time to first token is that of the first $name, not of the role", async ({ first }) => {
    const clock = virtualClock();
    const gate = Promise.withResolvers<void>();
    const gateEnd = Promise.withResolvers<void>();
    await using system = await startTestGateway({
      deps: { clock },
      script: async (response) => {
        startStream(response);
        response.write(role);
        await gate.promise;
        response.write(delta(first));
        await gateEnd.promise;
        response.end(delta({}, "stop") + done);
      },
    });
    const response = await system.open({ body: streaming });
    await response.until("assistant");
    clock.advance(300);
    gate.resolve();
    await response.until(JSON.stringify(first));
    clock.advance(40);
    gateEnd.resolve();
    await response.rest();
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ ttftMs: 300, worstGapMs: 300, outcome: "ok" }]);
  });

  test("an answer that is not streamed has no time to first token and no gap", async () => {
    await using system = await startTestGateway({ script: answerJson(completion("ok", countedUsage.sent)) });
    await system.ask({ body: hello });
    expect((await system.recorded.ended(0)).ends).toMatchObject([
      {
        ttftMs: null,
        worstGapMs: null,
        usage: countedUsage.recorded,
        modelServed: "up-1-served",
        responseId: "chatcmpl-up",
        finishReasons: ["stop"],
        attempts: 1,
        isFallback: false,
      },
    ]);
  });

  test("a stream flag answered with one JSON body is a whole answer", async () => {
    await using system = await startTestGateway({ script: answerJson(completion("ok", countedUsage.sent)) });
    const response = await system.ask({ body: streaming });
    expect(response.body.toString()).toBe(JSON.stringify(completion("ok", countedUsage.sent)));
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok", usage: countedUsage.recorded }]);
  });

  test("what the caller said about its call is in the record", async () => {
    await using system = await startTestGateway({
      script: answerJson(completion("ok")),
      config: { userHashKey: "k" },
    });
    const tools = [{ type: "function", function: { name: "f" } }];
    const messages = [{ role: "system", content: "Be brief." }, ...hello.messages];
    const headers = { "x-plumbline-tenant": "acme", "x-plumbline-feature": "search", "x-plumbline-session": "s 1" };
    await system.ask({
      body: { ...hello, messages, tools, user: "ada", max_completion_tokens: 9, temperature: 0.5 },
      headers,
    });
    await system.ask({ body: hello });
    const [first, second] = system.recorded.calls;
    expect(first?.start).toMatchObject({
      tenant: "acme",
      feature: "search",
      session: "s 1",
      route: "main",
      variant: "up",
      routeReason: "weight 100/100",
      provider: "openai",
      modelRequested: "up-1",
      isStream: false,
      maxTokens: 9,
      temperature: 0.5,
      serverAddress: "127.0.0.1",
      serverPort: system.upstream.port,
    });
    expect([first?.start.userHash, first?.start.systemPromptHash, first?.start.toolsHash]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(second?.start).toMatchObject({ tenant: "default", feature: null, session: null, userHash: null });
    expect(second?.start).toMatchObject({ systemPromptHash: null, toolsHash: null, traceparent: null });
  });
});

test("several choices are told apart", async () => {
  const choice = (index: number, change: unknown, finish: string | null): string =>
    `data: ${JSON.stringify({ id: "c", choices: [{ index, delta: change, finish_reason: finish }] })}\n\n`;
  const bytes = [
    choice(1, { content: "b" }, null),
    choice(0, { content: "a" }, null),
    choice(0, {}, "stop"),
    choice(1, {}, "length"),
    done,
  ];
  await using system = await startTestGateway({ script: answerStream(bytes) });
  await system.ask({ body: { ...streaming, n: 2 } });
  const end = (await system.recorded.ended(0)).ends[0];
  expect(end?.finishReasons).toEqual(["stop", "length"]);
  expect(JSON.parse(end?.outputMessages ?? "")).toEqual([
    { role: "assistant", parts: [{ type: "text", content: "a" }] },
    { role: "assistant", parts: [{ type: "text", content: "b" }] },
  ]);
});
