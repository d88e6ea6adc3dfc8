import { describe, expect, test } from "vitest";
import { gatewayConfig } from "../../../gateway/config.ts";
import { hearingMeter } from "../policy/hearing-meter.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { hello } from "../support/test-gateway.ts";
import { answers, keyOf, limits, refuses, startKeyed } from "./keyed-upstream.ts";

const first = { name: "first", key: "sk-first", weight: 1_000_000 };
const second = { name: "second", key: "sk-second", weight: 0.000_001 };

describe("a call to a provider with several keys", () => {
  test("goes on with another key when one is refused, which then rests", async () => {
    const { meter, counts } = hearingMeter();
    await using system = await startKeyed([first, second], { "sk-first": refuses }, { deps: { meter } });
    const statuses = [(await system.ask({ body: hello })).status, (await system.ask({ body: hello })).status];
    expect(statuses).toEqual([200, 200]);
    expect(system.upstream.requests.map(keyOf)).toEqual(["sk-first", "sk-second", "sk-second"]);
    const attempts = system.recorded.calls.map((call) => call.attempts.map(({ start }) => start.providerKey));
    expect(attempts).toEqual([["first", "second"], ["second"]]);
    expect(system.recorded.calls[0]?.ends[0]).toMatchObject({ outcome: "ok", attempts: 2, isFallback: false });
    expect(counts("providerKeyRequests")).toEqual({ "up first": 1, "up second": 2 });
    expect(counts("providerKeyRests")).toEqual({ "up first refused": 1 });
    expect(counts("providerKeyTokens")).toEqual({ "up first": 0, "up second": 2 * 4 });
  });

  test("goes on with another key when one is limited, which rests as long as the provider says", async () => {
    const { meter, counts } = hearingMeter();
    await using system = await startKeyed([first, second], { "sk-first": limits(600) }, { deps: { meter } });
    expect((await system.ask({ body: { ...hello, stream: false } })).status).toBe(200);
    await system.ask({ body: hello });
    expect(system.upstream.requests.map(keyOf)).toEqual(["sk-first", "sk-second", "sk-second"]);
    expect(counts("providerKeyRests")).toEqual({ "up first limited": 1 });
  });

  test("spends its one budget of attempts on keys too", async () => {
    const keys = ["a", "b", "c", "d"].map((name) => ({ name, key: `sk-${name}` }));
    const all = Object.fromEntries(keys.map(({ key }) => [key, refuses]));
    await using system = await startKeyed(keys, all);
    expect((await system.ask({ body: hello })).status).toBe(401);
    expect(system.upstream.requests).toHaveLength(3);
  });

  test.each([{ "retry-after": "0.02" }, {}])(
    "waits for its only key, told %j, and is sent with it again",
    async (told) => {
      const main = { models: ["up-1"], targets: [{ provider: "up" }], retry: { perTarget: 2 } };
      const config = { routes: { main }, keyPauses: { limitedMs: 20 } };
      await using system = await startKeyed([first], undefined, { config, deps: { random: () => 0 } });
      system.upstream.script((response, request) => {
        const isFirst = system.upstream.requests.length === 1;
        return (isFirst ? answerJson({}, 429, told) : answers)(response, request);
      });
      expect((await system.ask({ body: hello })).status).toBe(200);
      expect(system.upstream.requests.map(keyOf)).toEqual(["sk-first", "sk-first"]);
    },
  );

  test("gives back the tokens that it did not use when it has ended", async () => {
    await using system = await startKeyed([{ ...first, tokensPerMinute: 5_000 }]);
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await system.ask({ body: hello })).status);
    expect(statuses).toEqual([200, 200, 200, 200]);
  });
});

test.each([
  [{ kind: "anthropic" }, "/v1/messages"],
  [{ kind: "azure" }, "/v1/chat/completions"],
  [{ kind: "gemini" }, "/v1/chat/completions"],
])("a provider of %j is sent its keys in its own header", async (provider, path) => {
  const keys = [first, second];
  await using system = await startKeyed([], undefined, {
    providerAt: (baseUrl) => ({ ...provider, baseUrl, keys }),
    script: refuses,
  });
  await system.ask({ path, body: { ...hello, max_tokens: 9 } });
  expect(system.upstream.requests.map(keyOf)).toEqual(["sk-first", "sk-second"]);
});

test("a key that Gemini calls a bad request is a key refused", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
  const error = { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT", details };
  await using system = await startKeyed([], undefined, {
    providerAt: (baseUrl) => ({ kind: "gemini", baseUrl, keys: [first, second] }),
    script: answerJson({ error }, 400),
  });
  await system.ask({ body: hello });
  expect(system.upstream.requests.map(keyOf)).toEqual(["sk-first", "sk-second"]);
});

test("no key is in what is recorded, logged, counted or answered", async () => {
  const told: unknown[] = [];
  const tell = (fields: object, message: string): void => void told.push(fields, message);
  const { meter, counts } = hearingMeter();
  const log = { info: tell, warn: tell, error: tell };
  const scripts = { "sk-first": refuses, "sk-second": limits(60) };
  await using system = await startKeyed([first, second], scripts, { deps: { meter, log } });
  const responses = [await system.ask({ body: hello }), await system.ask({ body: hello })];
  const policy = await system.ask({ path: "/policy", method: "GET" });
  expect(responses.map(({ status }) => status)).toEqual([429, 429]);
  const seen = JSON.stringify([
    told,
    system.recorded.calls,
    counts("providerKeyRests"),
    [...responses, policy].map(({ headers, body }) => [headers, body.toString()]),
  ]);
  expect(JSON.parse(policy.body.toString()).routes[0].targets[0].health.keys).toEqual({
    first: "refused",
    second: "limited",
  });
  expect(seen).not.toMatch(/sk-(?:first|second)/);
});

test("the keys of a provider have names of their own, and stand in the place of apiKey", () => {
  const up = { kind: "openai", apiKey: "sk", keys: [first, { ...second, name: "first" }] };
  const problems = gatewayConfig.safeParse({ providers: { up } }).error?.issues ?? [];
  expect(problems.map(({ path, message }) => [path.join("."), message])).toEqual([
    ["providers.up.keys", "a provider has either apiKey or keys"],
    ["providers.up.keys.1.name", "another key has the same"],
  ]);
});
