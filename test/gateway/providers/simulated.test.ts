import { describe, expect, test } from "vitest";
import { parseChatRequest } from "../../../gateway/chat-request.ts";
import type { PacedAnswer } from "../../../gateway/providers/paced-answer.ts";
import type { ProviderRequest } from "../../../gateway/providers/provider.ts";
import { simulatedConfig } from "../../../gateway/providers/provider-config.ts";
import { logNormal, randomOf } from "../../../gateway/providers/random-of.ts";
import { simulate } from "../../../gateway/providers/simulated.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

const request = (body: object): ProviderRequest => {
  const bytes = Buffer.from(JSON.stringify({ ...hello, model: "sim-large", ...body }));
  const parsed = parseChatRequest(bytes);
  if (!parsed.ok) {
    throw new Error(parsed.refusal.message);
  }
  return {
    chat: parsed.chat,
    wire: "chat",
    body: bytes,
    model: parsed.chat.model,
    callId: "c1",
    traceparent: "",
    tracestate: null,
    headers: [],
    apiKey: null,
  };
};

const play = (args: { seed?: string; config?: object; body?: object }): PacedAnswer =>
  simulate({
    config: simulatedConfig.parse({ kind: "simulated", ...args.config }),
    request: request(args.body ?? {}),
    random: randomOf(args.seed ?? "1"),
    nowMs: 5_000,
  });

const text = (answer: PacedAnswer): string =>
  Buffer.concat([...answer.chunks].map(({ bytes }) => bytes)).toString("utf8");

describe("a simulated answer", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(text(play({ seed: "a" }))).toBe(text(play({ seed: "a" })));
    expect(text(play({ seed: "b" }))).not.toBe(text(play({ seed: "a" })));
  });

  test("is a completion in OpenAI's shape, within the caller's limit", () => {
    expect(JSON.parse(text(play({ body: { max_tokens: 3 } })))).toMatchObject({
      id: "chatcmpl-c1",
      object: "chat.completion",
      created: 5,
      model: "sim-large",
      choices: [{ index: 0, message: { role: "assistant" }, finish_reason: "length" }],
      usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 },
    });
  });

  test("streams the same text: the role, a chunk a token, the reason, the counts, the end", () => {
    const events = text(play({ body: { stream: true } })).split("\n\n");
    expect(events.at(-2)).toBe("data: [DONE]");
    const chunks = events.slice(0, -2).map((event): unknown => JSON.parse(event.replace("data: ", "")));
    expect(chunks[0]).toMatchObject({ choices: [{ delta: { role: "assistant", content: "" } }] });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: "stop" }], usage: null });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: chunks.length - 3 } });
    const streamed = events
      .slice(0, -2)
      .map((event) => /"content":"([^"]*)"/.exec(event)?.[1] ?? "")
      .join("");
    expect(JSON.parse(text(play({})))).toMatchObject({ choices: [{ message: { content: streamed } }] });
  });

  test("keeps to its time line: first token after the drawn time, then the token rate", () => {
    const config = { ttftMedianMs: 200, ttftSigma: 0, tokensPerSecond: 50 };
    const times = [...play({ body: { stream: true, max_tokens: 3 }, config }).chunks].map(({ atMs }) => atMs);
    expect(times).toEqual([200, 200, 220, 240, 260, 260]);
    expect([...play({ body: { max_tokens: 3 }, config }).chunks].map(({ atMs }) => atMs)).toEqual([260]);
  });

  test("fails at the configured rates", () => {
    const config = { errorRate: 0.2, rateLimitRate: 0.1, answerTokens: 1 };
    const statuses = Array.from({ length: 4_000 }, (_, index) => play({ seed: `${index}`, config }).status);
    const share = (status: number): number => statuses.filter((one) => one === status).length / statuses.length;
    expect(share(500)).toBeCloseTo(0.2, 1);
    expect(share(429)).toBeCloseTo(0.1, 1);
    expect(share(200)).toBeCloseTo(0.7, 1);
  });

  test("for a model it does not serve is 404", () => {
    expect(play({ body: { model: "sim-huge" } }).status).toBe(404);
  });
});

describe("the random source", () => {
  test("is uniform in [0, 1)", () => {
    const random = randomOf("x");
    const draws = Array.from({ length: 20_000 }, random.uniform);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      expect(draws.filter((draw) => Math.floor(draw * 10) === tenth).length / draws.length).toBeCloseTo(0.1, 1);
    }
  });

  test("draws a log-normal law of the given median and spread", () => {
    const random = randomOf("y");
    const logs = Array.from({ length: 20_000 }, () => Math.log(logNormal(random, 250, 0.4)));
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length;
    expect(Math.exp(mean) / 250).toBeCloseTo(1, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.4, 1);
  });
});

test("a gateway without any setting answers, measures and records", async () => {
  const clock = virtualClock();
  await using system = await startTestGateway({
    deps: { clock },
    config: { providers: {}, routes: { main: { models: ["sim-small"], targets: [{ provider: "simulated" }] } } },
  });
  const asked = system.ask({ body: { ...hello, model: "sim-small", stream: true } });
  const response = await clock.advanceUntil(asked, 5);
  expect(response.status).toBe(200);
  expect(response.body.toString()).not.toContain('"usage"');
  const [end] = (await system.recorded.ended(0)).ends;
  expect(end).toMatchObject({ outcome: "ok", usage: { source: "provider", inputTokens: 3 }, modelServed: "sim-small" });
  expect(end?.ttftMs).toBeGreaterThan(0);
  expect(end?.usage.outputTokens).toBeGreaterThan(0);
});
