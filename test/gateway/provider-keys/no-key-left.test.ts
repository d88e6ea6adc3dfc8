import { describe, expect, test } from "vitest";
import { hearingMeter } from "../policy/hearing-meter.ts";
import { errorOf } from "../support/caller.ts";
import { answerJson, startUpstream } from "../support/mock-upstream.ts";
import { hello, providerAt } from "../support/test-gateway.ts";
import { answers, keyOf, refuses, startKeyed } from "./keyed-upstream.ts";

const first = { name: "first", key: "sk-first" };
const second = { name: "second", key: "sk-second" };

describe("a call for which its provider has no key left", () => {
  test("is answered by who stands in when no key is left, and the attempt there is its first", async () => {
    const spare = await startUpstream(answers);
    const main = {
      models: ["up-1"],
      targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
      fallback: ["spare"],
    };
    const { meter, counts } = hearingMeter();
    await using system = await startKeyed([{ ...first, requestsPerMinute: 1 }], undefined, {
      providers: { spare: providerAt(spare.port) },
      config: { routes: { main } },
      deps: { meter },
    });
    await system.ask({ body: hello });
    expect((await system.ask({ body: hello })).status).toBe(200);
    expect([system.upstream.requests.length, spare.requests.length]).toEqual([1, 1]);
    const call = system.recorded.calls[1];
    expect(call?.start.routeReason).toBe("weight 100/100; spare because no key is left");
    expect(call?.ends[0]).toMatchObject({ attempts: 1, isFallback: true });
    expect(counts("gatewayPassedOver")).toEqual({ "main keys_busy": 1 });
    await spare.close();
  });

  test("goes to who stands in when its wait for the same target has left it without a key", async () => {
    const spare = await startUpstream(answers);
    const main = {
      models: ["up-1"],
      targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
      fallback: ["spare"],
      retry: { perTarget: 2, baseDelayMs: 1 },
    };
    const only = { ...first, requestsPerMinute: 1 };
    await using system = await startKeyed(
      [only],
      { "sk-first": answerJson({}, 500) },
      {
        providers: { spare: providerAt(spare.port) },
        config: { routes: { main } },
      },
    );
    expect((await system.ask({ body: hello })).status).toBe(200);
    expect([system.upstream.requests.length, spare.requests.length]).toEqual([1, 1]);
    const reason = system.recorded.calls[0]?.ends[0]?.moves?.routeReason;
    expect(reason).toBe("weight 100/100; up after 500; spare because of keys_busy");
    await spare.close();
  });

  test("ends as limited when its wait has left it without a key and nobody stands in", async () => {
    const main = { models: ["up-1"], targets: [{ provider: "up" }], retry: { perTarget: 2, baseDelayMs: 1 } };
    const only = { ...first, requestsPerMinute: 1 };
    const config = { routes: { main } };
    await using system = await startKeyed([only], { "sk-first": answerJson({}, 500) }, { config });
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response).code]).toEqual([429, "rate_limit_exceeded"]);
    expect(system.recorded.calls[0]?.ends).toMatchObject([
      { outcome: "rate_limited", errorType: "provider.keys_busy" },
    ]);
  });

  test("waits for none when every key is at its limit: 429, when to come back, and a record", async () => {
    await using system = await startKeyed([{ ...first, requestsPerMinute: 1 }]);
    await system.ask({ body: hello });
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response).code]).toEqual([429, "rate_limit_exceeded"]);
    const retryAfter = Number(response.headers["retry-after"]);
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(61);
    expect(system.upstream.requests).toHaveLength(1);
    expect(system.recorded.calls[1]).toMatchObject({
      start: { variant: "none", routeReason: "provider.keys_busy" },
      ends: [{ outcome: "rate_limited", attempts: 0 }],
    });
  });

  test("is told that the keys are wrong when the provider has refused all of them", async () => {
    await using system = await startKeyed([first], { "sk-first": refuses });
    expect((await system.ask({ body: hello })).status).toBe(401);
    const response = await system.ask({ body: hello });
    expect([response.status, errorOf(response).code]).toEqual([503, "provider.keys_refused"]);
    expect(system.recorded.calls[1]?.ends[0]?.outcome).toBe("provider_error");
  });

  test("keeps the keys' limits when 40 calls come at once", async () => {
    const keys = [first, second].map((key) => ({ ...key, weight: 1, requestsPerMinute: 7 }));
    await using system = await startKeyed(keys);
    const all = await Promise.all(Array.from({ length: 40 }, () => system.ask({ body: hello })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(14);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(26);
    expect(system.upstream.requests.filter((request) => keyOf(request) === "sk-first")).toHaveLength(7);
  });
});
