import { describe, expect, test } from "vitest";
import type { InstrumentKey, Meter } from "../../core/instruments.ts";
import { silentMeter } from "../../core/instruments.ts";
import { CallTimes } from "../../gateway/call-times.ts";
import { answerJson, answerStream } from "./support/mock-upstream.ts";
import { completion, delta, done } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const pattern = /^admit;dur=[\d.]+, policy;dur=[\d.]+, upstream;dur=[\d.]+, own;dur=[\d.]+$/;

describe("server-timing", () => {
  test.each([
    { name: "a whole answer", script: answerJson(completion("ok"), 200, { "server-timing": "theirs;dur=1" }) },
    { name: "an error of the provider", script: answerJson({ error: {} }, 500) },
    { name: "a stream", script: answerStream([delta({ content: "x" }), delta({}, "stop"), done]) },
  ])("tells the caller of $name where the time went", async ({ script }) => {
    await using system = await startTestGateway({ script });
    const timing = String((await system.ask({ body: hello })).headers["server-timing"]);
    expect(timing).toMatch(pattern);
    expect(timing).not.toContain("upstream;dur=0,");
  });

  test("counts the time that the caller takes for its body to nobody", () => {
    const times = new CallTimes(1_000);
    times.readMs = 3_000;
    times.plannedMs = 3_000.25;
    times.admittedMs = 3_000.5;
    times.sentMs = 3_001;
    times.heardMs = 3_101;
    expect(times.serverTiming(3_103)).toBe("admit;dur=0.25, policy;dur=0.25, upstream;dur=100, own;dur=3");
  });
});

describe("the overhead of a call", () => {
  test("is what comes before it is sent, after the answer, and the wait for the event loop", () => {
    const times = new CallTimes(1_000);
    times.readMs = 2_000;
    times.sentMs = 2_001;
    times.heardMs = 2_500;
    times.queuedMs = 4;
    expect(times.overheadMs(2_502)).toBe(7);
  });

  test("is observed once a call", async () => {
    const observed: InstrumentKey[] = [];
    const meter: Meter = { ...silentMeter, observe: (key) => observed.push(key) };
    await using system = await startTestGateway({ script: answerJson(completion("ok")), deps: { meter } });
    await Promise.all([system.ask({ body: hello }), system.ask({ body: hello })]);
    expect(observed).toEqual(["gatewayOverhead", "gatewayOverhead"]);
  });
});
