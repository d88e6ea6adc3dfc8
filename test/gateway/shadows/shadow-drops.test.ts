import { describe, expect, test } from "vitest";
import { hearingMeter } from "../policy/hearing-meter.ts";
import { keptCalls } from "../support/kept-calls.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { hello } from "../support/test-gateway.ts";
import { forCaller, startShadowed } from "./shadowed-gateway.ts";

const hang: UpstreamScript = () => {};

describe("a call is not sent a second time, which its caller does not notice", () => {
  test("when the second record cannot be opened", async () => {
    const { meter, counts } = hearingMeter();
    const kept = keptCalls();
    const start: typeof kept.start = (call) => {
      if (call.routeReason === "shadow") throw new Error("no room");
      return kept.start(call);
    };
    await using system = await startShadowed(hang, { deps: { meter, recorder: { start } } });
    expect((await system.ask({ body: hello })).body.toString()).toBe(JSON.stringify(forCaller));
    expect([counts("gatewayShadowsDropped"), system.upstream.requests.length]).toEqual([{ "main failed": 1 }, 1]);
  });

  test("while no call can be recorded", async () => {
    const { meter, counts } = hearingMeter();
    let asked = 0;
    const hasRoom = () => {
      asked += 1;
      return asked === 1 ? ({ ok: true } as const) : ({ ok: false, code: "spool.full", reason: "full" } as const);
    };
    await using system = await startShadowed(hang, { deps: { meter, hasRoom } });
    expect((await system.ask({ body: hello })).status).toBe(200);
    expect([counts("gatewayShadowsDropped"), system.upstream.requests.length]).toEqual([{ "main no_room": 1 }, 1]);
  });

  test("by a gateway that stops", async () => {
    const { meter, counts } = hearingMeter();
    const kept = keptCalls();
    let stop = (): void => {};
    const start: typeof kept.start = (begun) => {
      const call = kept.start(begun);
      const startAttempt: typeof call.startAttempt = (attempt) => {
        stop();
        return call.startAttempt(attempt);
      };
      return { ...call, startAttempt };
    };
    await using system = await startShadowed(hang, {
      deps: { meter, recorder: { start } },
      config: { drainMs: 5_000 },
    });
    stop = () => void system.gateway.drain();
    expect((await system.ask({ body: hello })).status).toBe(200);
    expect([counts("gatewayShadowsDropped"), system.upstream.requests.length]).toEqual([{ "main draining": 1 }, 1]);
  });

  test("to a target that cannot serve it", async () => {
    const { meter, counts } = hearingMeter();
    const targets = [{ provider: "up" }, { provider: "recorded", weight: 0 }];
    const route = { targets, shadow: { variant: "recorded", share: 1 } };
    await using system = await startShadowed(hang, { deps: { meter }, route });
    await system.ask({ path: "/v1/embeddings", body: { model: "up-1", input: "text" } });
    expect([counts("gatewayShadowsDropped"), system.recorded.calls.length]).toEqual([{ "main unsupported": 1 }, 1]);
  });

  test("to a target whose breaker its shadows have opened", async () => {
    const { meter, counts, heard } = hearingMeter();
    await using system = await startShadowed(answerJson({}, 500), {
      deps: { meter },
      config: { breaker: { minCalls: 1 } },
    });
    await system.ask({ body: hello });
    await heard("gatewayShadows", "main provider_error");
    await system.ask({ body: hello });
    expect([counts("gatewayShadowsDropped"), system.recorded.calls.length]).toEqual([{ "main breaker_open": 1 }, 3]);
  });
});
