import { describe, expect, test } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import { errorOf } from "../support/caller.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

const routes = { replay: { models: ["*"], isByNameOnly: true, targets: [{ provider: "recorded" }] } };
const headers = { "x-plumbline-route": "replay" };
const recording = { answer: "Yes, it is.", latency_s: 2.5, input_tokens: 20, output_tokens: 5 };

const start = (): Promise<TestGateway> => startTestGateway({ config: { routes }, deps: { clock: virtualClock() } });

const replay = async (
  body: object,
): Promise<{ text: string; system: TestGateway; status: number; elapsedMs: number }> => {
  const clock = virtualClock();
  const system = await startTestGateway({ config: { routes }, deps: { clock } });
  const from = clock.monotonicMs();
  const response = await clock.advanceUntil(system.ask({ body: { ...hello, model: "gpt-4", ...body }, headers }), 10);
  await system[Symbol.asyncDispose]();
  return { text: response.body.toString(), system, status: response.status, elapsedMs: clock.monotonicMs() - from };
};

describe("a recording", () => {
  test("is answered whole after the recorded time, with the recorded counts", async () => {
    const { text, system, elapsedMs } = await replay({ plumbline_recorded: { ...recording, finish_reason: "length" } });
    expect(JSON.parse(text)).toMatchObject({
      model: "gpt-4",
      choices: [{ message: { role: "assistant", content: "Yes, it is." }, finish_reason: "length" }],
      usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
    });
    expect(elapsedMs).toBeGreaterThanOrEqual(2_500);
    const call = await system.recorded.ended(0);
    expect(call.start).toMatchObject({
      route: "replay",
      provider: "openai",
      modelRequested: "gpt-4",
      serverAddress: null,
    });
    expect(call.ends).toMatchObject([
      {
        outcome: "ok",
        modelServed: "gpt-4",
        usage: { inputTokens: 20, outputTokens: 5, source: "provider" },
        ttftMs: null,
      },
    ]);
  });

  test("without counts has estimated ones, and says so", async () => {
    const { text, system } = await replay({
      plumbline_recorded: { answer: "Yes, it is.", latency_s: 0, input_tokens: 20 },
    });
    expect(JSON.parse(text)).toMatchObject({ usage: { prompt_tokens: 20, completion_tokens: 3, estimated: true } });
    expect((await system.recorded.ended(0)).ends[0]?.usage).toMatchObject({
      inputTokens: 20,
      outputTokens: 3,
      source: "estimated",
    });
  });

  test("that was not streamed comes as one delta at its recorded end", async () => {
    const { text, system } = await replay({ stream: true, plumbline_recorded: recording });
    expect(text.match(/"content":"Yes, it is\."/g)).toHaveLength(1);
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const [end] = (await system.recorded.ended(0)).ends;
    expect(end?.ttftMs).toBeGreaterThanOrEqual(2_500);
    expect(end?.usage).toMatchObject({ inputTokens: 20, outputTokens: 5, source: "provider" });
  });

  test("that was streamed starts at its recorded first token, at the speed asked for", async () => {
    const { text, system, elapsedMs } = await replay({
      stream: true,
      stream_options: { include_usage: true },
      plumbline_recorded: { ...recording, ttft_s: 1, speed: 2 },
    });
    const words = [...text.matchAll(/"content":"([^"]+)"/g)].map(([, content]) => content);
    expect(words).toEqual(["Yes,", " it", " is."]);
    expect(text).toContain('"usage":{"prompt_tokens":20');
    const [end] = (await system.recorded.ended(0)).ends;
    expect(end?.ttftMs).toBeGreaterThanOrEqual(500);
    expect(end?.ttftMs).toBeLessThan(1_250);
    expect(elapsedMs).toBeGreaterThanOrEqual(1_250);
  });

  test("names who answered when it was recorded", async () => {
    const { system } = await replay({ plumbline_recorded: { ...recording, latency_s: 0, provider: "anthropic" } });
    expect(system.recorded.calls[0]?.start.provider).toBe("anthropic");
  });

  test.each([
    { name: "no recording", member: {}, param: "plumbline_recorded" },
    { name: "text for a recording", member: { plumbline_recorded: "x" }, param: "plumbline_recorded" },
    { name: "no answer", member: { plumbline_recorded: { latency_s: 1 } }, param: "plumbline_recorded.answer" },
    {
      name: "a latency below 0",
      member: { plumbline_recorded: { answer: "", latency_s: -1 } },
      param: "plumbline_recorded.latency_s",
    },
    {
      name: "a speed of 0",
      member: { plumbline_recorded: { ...recording, speed: 0 } },
      param: "plumbline_recorded.speed",
    },
  ])("is asked for with 400 when the request carries $name", async ({ member, param }) => {
    await using system = await start();
    const response = await system.ask({ body: { ...hello, ...member }, headers });
    expect([response.status, errorOf(response)]).toMatchObject([400, { param, code: "request.malformed" }]);
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "provider_error", httpStatus: 400 }]);
  });

  test("is out of reach for a call that does not name its route", async () => {
    await using system = await start();
    const response = await system.ask({ body: { ...hello, plumbline_recorded: recording } });
    expect([response.status, errorOf(response).code]).toEqual([404, "model_not_found"]);
  });

  test("whose caller goes away is stopped", async () => {
    const clock = virtualClock();
    await using system = await startTestGateway({ config: { routes }, deps: { clock } });
    const { hangUp, until } = await system.open({
      body: { ...hello, stream: true, plumbline_recorded: { ...recording, ttft_s: 0, latency_s: 60 } },
      headers,
    });
    await until("Yes,");
    hangUp();
    expect((await system.recorded.ended(0)).ends).toMatchObject([
      { outcome: "client_abort", usage: { source: "estimated" } },
    ]);
    clock.advance(1_000);
    await Promise.resolve();
    expect(clock.sleeping()).toBe(0);
  });
});
