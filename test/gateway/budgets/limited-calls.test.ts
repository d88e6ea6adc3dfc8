import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyEntry } from "../keys/key-entry.ts";
import { errorOf } from "../support/caller.ts";
import { keptCalls } from "../support/kept-calls.ts";
import { answerJson, answerStream } from "../support/mock-upstream.ts";
import { completion, delta, done, usageChunk } from "../support/openai-bytes.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import { startLimited } from "./limited-gateway.ts";
import { prices } from "./spending.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-budgets-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a call under a hard limit", () => {
  const limits = [{ level: "gateway", dollarsPerHour: 1 }];

  test.each([
    { name: "no number", more: {}, sent: { max_tokens: 77 } },
    { name: "null", more: { max_tokens: null }, sent: { max_tokens: 77 } },
    { name: "a number that some providers take for none", more: { max_tokens: -1 }, sent: { max_tokens: 77 } },
    {
      name: "two, one of them no number",
      more: { max_tokens: 5, max_completion_tokens: 0 },
      sent: { max_tokens: 77, max_completion_tokens: 77 },
    },
  ])("that names $name gets the policy's, and its record is marked", async ({ more, sent }) => {
    await using system = await startLimited({ dir, limits, budgets: { maxOutputTokens: 77 } });
    await system.ask({ body: { ...hello, ...more } });
    expect(JSON.parse(system.upstream.requests[0]?.body.toString() ?? "")).toEqual({ ...hello, ...sent });
    expect(system.recorded.calls[0]?.start).toMatchObject({ maxTokens: 77, imposedMaxTokens: 77 });
  });

  test("that names a number of its own is sent as it came, and is not marked", async () => {
    await using system = await startLimited({ dir, limits });
    const body = JSON.stringify({ ...hello, max_tokens: 9 }, null, 1);
    await system.ask({ body });
    expect(system.upstream.requests[0]?.body.toString()).toBe(body);
    expect(system.recorded.calls[0]?.start.imposedMaxTokens).toBe(null);
  });

  test("is charged what it used, so that the next has room", async () => {
    // Both at their worst would cost more than a dollar: 20 tokens of output are 200,000 nano-dollars.
    await using system = await startLimited({ dir, limits });
    const body = { ...hello, max_tokens: 60_000 };
    const answers = [await system.ask({ body }), await system.ask({ body })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const both = await Promise.all([system.ask({ body }), system.ask({ body })]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429]);
  });

  test.each([
    { name: "an error of the provider is free", script: answerJson({ error: { message: "no" } }, 500), next: 500 },
    { name: "a stream that was cut before its first count is charged in full", script: answerStream([]), next: 429 },
    {
      name: "a stream is charged by its counts",
      script: answerStream([
        delta({ content: "x" }),
        delta({}, "stop"),
        usageChunk({ prompt_tokens: 1, completion_tokens: 1 }),
        done,
      ]),
      next: 200,
    },
  ])("$name", async ({ script, next }) => {
    await using system = await startLimited({ dir, limits, script });
    const body = { ...hello, stream: true, max_tokens: 60_000 };
    await system.ask({ body });
    expect((await system.ask({ body })).status).toBe(next);
  });
});

test("a call that could not begin has given back what it reserved", async () => {
  const calls = keptCalls();
  let starts = 0;
  const start: typeof calls.start = (call) => {
    starts += 1;
    if (starts === 1) throw new Error("no record can begin");
    return calls.start(call);
  };
  const spending = { prices, file: join(dir, "budgets.jsonl"), gatewayId: "gateway-1" };
  await using system = await startTestGateway({
    script: answerJson(completion("ok", { prompt_tokens: 10, completion_tokens: 20 })),
    config: { budgets: { limits: [{ level: "gateway", dollarsPerHour: 1 }] } },
    deps: { spending, recorder: { ...calls, start } },
  });
  const body = { ...hello, max_tokens: 60_000 };
  expect([(await system.ask({ body })).status, (await system.ask({ body })).status]).toEqual([500, 200]);
});

test("more calls or tokens than a minute allows are refused as rate limits, which may be tried again", async () => {
  await using system = await startLimited({
    dir,
    limits: [{ level: "key", requestsPerMinute: 1 }],
    config: { keys: [keyEntry("k"), keyEntry("l")] },
  });
  const ask = (key: string) => system.ask({ body: hello, headers: { authorization: `Bearer ${key}` } });
  expect((await ask("k")).status).toBe(200);
  const refused = await ask("k");
  expect([refused.status, errorOf(refused).code]).toEqual([429, "rate_limit_exceeded"]);
  expect(refused.headers["x-should-retry"]).toBe(undefined);
  expect((await ask("l")).status).toBe(200);
  expect(system.recorded.calls.map(({ ends }) => ends[0]?.outcome)).toEqual(["ok", "rate_limited", "ok"]);
});

describe("a cap of a key or a route", () => {
  const capped = { keys: [keyEntry("k", { maxInputTokens: 50, maxOutputTokens: 10 })] };
  const headers = { authorization: "Bearer k" };

  test.each([
    { name: "of output refuses a call that asks for more", body: { ...hello, max_tokens: 11 }, status: 400 },
    { name: "of output lets a call ask for as much", body: { ...hello, max_tokens: 10 }, status: 200 },
    {
      name: "of input refuses a longer one",
      body: { ...hello, messages: [{ role: "user", content: "x".repeat(400) }] },
      status: 400,
    },
  ])("$name", async ({ body, status }) => {
    await using system = await startLimited({ dir, limits: [], config: capped });
    const response = await system.ask({ body, headers });
    expect(response.status).toBe(status);
    expect(status === 200 || errorOf(response).code === "request.over_cap").toBe(true);
  });

  test("bounds the output of a call that names no number, also where no budget is", async () => {
    const routes = { main: { models: ["up-1"], targets: [{ provider: "up" }], maxOutputTokens: 7 } };
    await using system = await startLimited({ dir, limits: [], config: { ...capped, routes } });
    await system.ask({ body: hello, headers });
    expect(JSON.parse(system.upstream.requests[0]?.body.toString() ?? "")).toEqual({ ...hello, max_tokens: 7 });
  });
});
