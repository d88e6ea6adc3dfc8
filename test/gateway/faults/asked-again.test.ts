import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

const timeouts = { connectMs: 1_000, headersMs: 60_000, idleMs: 60_000, totalMs: 600_000 };
const failed = (type: string) => ({ error: { message: "no", type, param: null, code: null } });

const again = async (system: TestGateway, clock: ReturnType<typeof virtualClock>, script: UpstreamScript) => {
  const times: number[] = [];
  system.upstream.script((response, request) => {
    times.push(clock.monotonicMs());
    return times.length === 1 ? script(response, request) : answerJson(completion("hi"))(response, request);
  });
  const { status } = await clock.advanceUntil(system.ask({ body: hello }), 10);
  return { status, gapMs: (times[1] ?? Number.NaN) - (times[0] ?? 0) };
};

describe("a target that is asked again", () => {
  const routes = { main: { models: ["up-1"], targets: [{ provider: "up" }], retry: { perTarget: 2 } } };

  test.each([
    { name: "a part of the first delay", script: answerJson(failed("server_error"), 500), atLeastMs: 100 },
    {
      name: "as long as Retry-After says, and that part",
      script: answerJson(failed("rate_limit_error"), 429, { "retry-after": "3" }),
      atLeastMs: 3_100,
    },
  ])("is given $name", async ({ script, atLeastMs }) => {
    const clock = virtualClock();
    await using system = await startTestGateway({ deps: { clock }, config: { timeouts, routes } });
    const { status, gapMs } = await again(system, clock, script);
    expect(status).toBe(200);
    expect(gapMs).toBeGreaterThanOrEqual(atLeastMs);
    expect(gapMs).toBeLessThan(atLeastMs + 500);
    const call = await system.recorded.ended(0);
    expect(call.ends[0]).toMatchObject({ outcome: "ok", attempts: 2, isFallback: false });
    expect(call.ends[0]?.moves?.wasted).toEqual([]);
  });

  test("is not, when the gateway stops meanwhile", async () => {
    const clock = virtualClock();
    await using system = await startTestGateway({
      deps: { clock },
      config: { timeouts, routes },
      script: answerJson(failed("rate_limit_error"), 429, { "retry-after": "5" }),
    });
    const hungUp = system.open({ body: hello }).catch(() => null);
    while (system.recorded.calls[0]?.attempts[0]?.ends.length !== 1) await setImmediate();
    await clock.advanceUntil(system.gateway.drain(), 10);
    await hungUp;
    expect(system.upstream.requests).toHaveLength(1);
    const call = await system.recorded.ended(0);
    expect([call.ends.length, call.attempts.length]).toEqual([1, 1]);
    expect(call.ends[0]).toMatchObject({ outcome: "interrupted", attempts: 1 });
  });

  test.each([400, 401, 404, 413, 422])("is none that answered with %s", async (status) => {
    await using system = await startTestGateway({
      config: { routes },
      script: answerJson(failed("invalid_request_error"), status),
    });
    expect((await system.ask({ body: hello })).status).toBe(status);
    expect(system.upstream.requests).toHaveLength(1);
  });
});
