import { describe, expect, test } from "vitest";
import { keyEntry } from "../keys/key-entry.ts";
import { hearingMeter } from "../policy/hearing-meter.ts";
import type { UpstreamRequest } from "../support/mock-upstream.ts";
import { answerJson, answerStream } from "../support/mock-upstream.ts";
import { completion, countedUsage, delta, done } from "../support/openai-bytes.ts";
import { hello } from "../support/test-gateway.ts";
import { forCaller, modelOf, startShadowed } from "./shadowed-gateway.ts";

describe("a shadow", () => {
  test("gets the caller's body with its own model, and has a record of its own that says so", async () => {
    await using system = await startShadowed(answerJson(completion("thrown away", countedUsage.sent)));
    const body = `{ "messages": ${JSON.stringify(hello.messages)},  "model": "up-1", "user": "u-1" }`;
    const headers = { "x-plumbline-feature": "search", "x-plumbline-tenant": "acme", "idempotency-key": "once" };
    const answer = await system.ask({ body, headers });
    expect(answer.body.toString()).toBe(JSON.stringify(forCaller));
    const [caller, shadow] = [await system.recorded.ended(0), await system.recorded.ended(1)];
    const sent = new Map<string, UpstreamRequest>(system.upstream.requests.map((each) => [modelOf(each.body), each]));
    expect(sent.get("up-2")?.body.toString()).toBe(body.replace("up-1", "up-2"));
    const keys = ["up-1", "up-2"].map((model) => sent.get(model)?.headers["idempotency-key"]);
    expect(keys).toEqual(["once", undefined]);
    expect(caller.start).toMatchObject({ feature: "search", variant: "up", routeReason: "weight 100/100" });
    expect(shadow.start).toEqual({
      ...caller.start,
      feature: "shadow",
      variant: "up/up-2",
      routeReason: "shadow",
      traceparent: `00-0af7651916cd43dd8448eb211c80319c-${caller.callId}-01`,
    });
    expect(shadow.ends).toMatchObject([
      { outcome: "ok", attempts: 1, usage: countedUsage.recorded, outputMessages: expect.stringContaining("thrown") },
    ]);
    expect(shadow.attempts.map(({ ends }) => ends.length)).toEqual([1]);
  });

  test("is not on the account of the caller's key: it spends nothing of its limits, and none stops it", async () => {
    const keys = [keyEntry("good", { tenant: "acme", user: "ada" })];
    const budgets = { limits: [{ level: "key", requestsPerMinute: 1 }] };
    await using system = await startShadowed(answerJson(completion("seen")), {
      config: { keys, budgets, userHashKey: "hash key for tests" },
    });
    const headers = { authorization: "Bearer good" };
    expect((await system.ask({ body: hello, headers })).status).toBe(200);
    const [caller, shadow] = [await system.recorded.ended(0), await system.recorded.ended(1)];
    expect([caller.start.keyId, shadow.start.keyId]).toEqual(["good", null]);
    expect([shadow.start.tenant, shadow.start.userHash]).toEqual(["acme", caller.start.userHash]);
    expect((await system.ask({ body: hello, headers })).status).toBe(429);
  });

  test("of a stream is read to its end", async () => {
    const stream = [delta({ role: "assistant", content: "two" }), delta({}, "stop"), done];
    await using system = await startShadowed(answerStream(stream), {
      script: (response, request) => answerStream(stream)(response, request),
    });
    const answer = await system.ask({ body: { ...hello, stream: true, stream_options: { include_usage: true } } });
    expect(answer.body.toString()).toBe(stream.join(""));
    expect(await system.recorded.ended(1)).toMatchObject({
      start: { isStream: true, routeReason: "shadow" },
      ends: [{ outcome: "ok", finishReasons: ["stop"], ttftMs: expect.any(Number) }],
    });
  });

  test("that fails is asked once, and is no failure of the caller's", async () => {
    const { meter, counts } = hearingMeter();
    await using system = await startShadowed(answerJson({ error: { type: "server_error" } }, 500), {
      route: { fallback: ["up"], retry: { attempts: 3, perTarget: 2 } },
      deps: { meter },
    });
    expect((await system.ask({ body: hello })).status).toBe(200);
    expect((await system.recorded.ended(1)).ends).toMatchObject([{ outcome: "provider_error", attempts: 1 }]);
    expect([counts("gatewayCalls"), counts("gatewayShadows")]).toEqual([
      { "main ok": 1 },
      { "main provider_error": 1 },
    ]);
    expect(system.recorded.calls).toHaveLength(2);
  });

  test("is not sent of calls that are not drawn, or that its target answers already", async () => {
    await using system = await startShadowed(answerJson(completion("seen")), {
      route: { shadow: { variant: "up/up-2", share: 0.5 } },
    });
    await system.ask({ body: hello });
    await using same = await startShadowed(answerJson(completion("seen")), {
      route: { shadow: { variant: "up", share: 1 } },
    });
    await same.ask({ body: hello });
    await Promise.all([system.gateway.drain(), same.gateway.drain()]);
    expect([system.recorded.calls.length, same.recorded.calls.length]).toEqual([1, 1]);
  });
});
