import { describe, expect, test } from "vitest";
import { gatewayConfig } from "../../../gateway/config.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { hearingMeter } from "../policy/hearing-meter.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { hello } from "../support/test-gateway.ts";
import { forCaller, startShadowed } from "./shadowed-gateway.ts";

const hang: UpstreamScript = () => {};

describe("a shadow that hangs", () => {
  test("keeps no caller waiting, and ends at the time limits of every call", async () => {
    const clock = virtualClock();
    await using system = await startShadowed(hang, { deps: { clock }, config: { timeouts: { headersMs: 1_000 } } });
    const answer = await system.ask({ body: hello });
    expect([answer.status, answer.body.toString()]).toEqual([200, JSON.stringify(forCaller)]);
    const shadow = system.recorded.ended(1);
    expect(clock.monotonicMs()).toBe(0);
    expect((await clock.advanceUntil(shadow, 100)).ends).toMatchObject([
      { outcome: "timeout", errorType: "headers_timeout" },
    ]);
    // Its place is free again, and the gateway has nothing left to watch.
    await clock.advanceUntil(system.gateway.drain(), 100);
    expect(clock.sleeping()).toBe(0);
  });

  test("takes one of the places that there are: without one a call is not sent again, and that is counted", async () => {
    const { meter, counts, heard } = hearingMeter();
    const held: (() => void)[] = [];
    const hold: UpstreamScript = (response, request) => {
      held.push(() => void answerJson(forCaller)(response, request));
    };
    await using system = await startShadowed(hold, { deps: { meter }, config: { shadowsUnderWay: 1 } });
    await system.ask({ body: hello });
    await system.upstream.nextRequest();
    await system.upstream.nextRequest();
    await system.ask({ body: hello });
    expect(counts("gatewayShadowsDropped")).toEqual({ "main too_many": 1 });
    for (const answer of held) answer();
    await heard("gatewayShadows", "main ok");
    await system.recorded.ended(1);
    await system.ask({ body: hello });
    expect(system.recorded.calls.map(({ start }) => start.routeReason)).toEqual([
      ...["weight 100/100", "shadow"],
      "weight 100/100",
      ...["weight 100/100", "shadow"],
    ]);
    expect(counts("gatewayShadowsDropped")).toEqual({ "main too_many": 1 });
  });

  test("is waited for by a gateway that stops", async () => {
    const clock = virtualClock();
    const gate = Promise.withResolvers<void>();
    const late: UpstreamScript = async (response, request) => {
      await gate.promise;
      await answerJson(forCaller)(response, request);
    };
    await using system = await startShadowed(late, { deps: { clock }, config: { drainMs: 1_000 } });
    await system.ask({ body: hello });
    const drained = system.gateway.drain();
    gate.resolve();
    await drained;
    expect(system.recorded.calls.map(({ ends }) => ends.map(({ outcome }) => outcome))).toEqual([["ok"], ["ok"]]);
  });

  test("is interrupted by a gateway that stops, with a record", async () => {
    await using system = await startShadowed(hang);
    await system.ask({ body: hello });
    await system.gateway.drain();
    expect(system.recorded.calls.map(({ ends }) => ends.map(({ outcome, errorType }) => [outcome, errorType]))).toEqual(
      [[["ok", null]], [["interrupted", "gateway.draining"]]],
    );
  });
});

test("a shadow goes to a target of its route", () => {
  const routes = { main: { models: ["m"], targets: [{ provider: "simulated" }], shadow: { variant: "x", share: 1 } } };
  const problems = gatewayConfig.safeParse({ routes }).error?.issues ?? [];
  expect(problems.map(({ path, message }) => [path.join("."), message])).toEqual([
    ["routes.main.shadow.variant", 'no target of this route is called "x"'],
  ]);
});
