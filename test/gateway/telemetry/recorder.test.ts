import { describe, expect, it } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart, recordCall } from "./calls.ts";
import { openRecorder, startMs } from "./open-recorder.ts";

describe("a recorded call", () => {
  it("leaves out what is not known", () => {
    const { calls, recorder } = openRecorder();
    recordCall(recorder);
    const [span, attempt] = calls[0] ?? [];
    expect(span?.attributes).toEqual({
      "plumbline.span": "call",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "simulated",
      "gen_ai.request.model": "sim-small",
      "plumbline.tenant": "default",
      "plumbline.route": "default",
      "plumbline.route.reason": "weights",
      "plumbline.variant": "base",
      "plumbline.policy.version": "1",
      "plumbline.outcome": "ok",
      "plumbline.usage.source": "none",
      "plumbline.attempts": 1,
      "plumbline.fallback": false,
      "plumbline.content.policy": "none",
      "plumbline.gateway.seq": 1,
    });
    expect(attempt?.attributes).toEqual({
      "plumbline.span": "attempt",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "simulated",
      "gen_ai.request.model": "sim-small",
      "plumbline.tenant": "default",
      "plumbline.route": "default",
      "plumbline.target": "simulated/sim-small",
      "plumbline.attempt": 1,
      "plumbline.outcome": "ok",
    });
  });

  it("keeps every attempt of a call apart from those of a call under way at the same time", () => {
    const { calls, recorder } = openRecorder();
    const first = recorder.start(bareStart);
    const second = recorder.start(bareStart);
    const ofFirst = first.startAttempt(bareAttempt);
    const ofSecond = second.startAttempt(bareAttempt);
    ofSecond.end({ ...bareAttemptEnd, outcome: "provider_error", errorType: "500", httpStatus: 500 });
    ofFirst.end(bareAttemptEnd);
    const retry = second.startAttempt({ ...bareAttempt, number: 2 });
    retry.end(bareAttemptEnd);
    second.end({ ...bareEnd, attempts: 2, isFallback: true });
    first.end(bareEnd);
    const shape = calls.map((spans) =>
      spans.map(({ attributes, parentSpanId }) => [attributes["plumbline.attempt"] ?? "call", parentSpanId]),
    );
    expect(shape).toEqual([
      [
        ["call", ""],
        [1, second.callId],
        [2, second.callId],
      ],
      [
        ["call", ""],
        [1, first.callId],
      ],
    ]);
  });

  it("marks a failure as an error, with the outcome as its type where none is given", () => {
    const { calls, recorder } = openRecorder();
    const call = recorder.start(bareStart);
    call.startAttempt(bareAttempt).end({ ...bareAttemptEnd, outcome: "provider_error", errorType: "429" });
    call.end({ ...bareEnd, outcome: "timeout" });
    expect(calls[0]?.map((span) => [span.statusCode, span.attributes["error.type"]])).toEqual([
      [2, "timeout"],
      [2, "429"],
    ]);
  });

  it("ends an attempt that is still under way, and takes its late end for nothing", () => {
    const { calls, clock, recorder } = openRecorder();
    const call = recorder.start(bareStart);
    const attempt = call.startAttempt(bareAttempt);
    clock.advance(5);
    call.end({ ...bareEnd, outcome: "client_abort", errorType: "client_abort" });
    attempt.end(bareAttemptEnd);
    call.end(bareEnd);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.map((span) => [span.attributes["plumbline.outcome"], span.endNs - span.startNs])).toEqual([
      ["client_abort", 5_000_000n],
      ["client_abort", 5_000_000n],
    ]);
    expect(() => call.startAttempt(bareAttempt)).toThrow("has ended");
  });

  it("counts monotonically when the wall clock steps back", () => {
    const virtual = virtualClock(startMs);
    let wallMs = startMs;
    const { calls, recorder } = openRecorder("gateway-1", { ...virtual, nowMs: () => wallMs });
    const call = recorder.start(bareStart);
    wallMs -= 3_600_000;
    virtual.advance(7.25);
    call.end(bareEnd);
    expect(calls[0]?.map((span) => span.endNs - span.startNs)).toEqual([7_250_000n]);
  });

  it("numbers finished calls without a gap, in the order in which they end", () => {
    const { calls, recorder } = openRecorder();
    const opened = [1, 2, 3, 4].map(() => recorder.start(bareStart));
    for (const call of opened.toReversed()) {
      call.end(bareEnd);
    }
    expect(calls.map(([span]) => [span?.attributes["plumbline.gateway.seq"], span?.spanId])).toEqual(
      opened.toReversed().map((call, index) => [index + 1, call.callId]),
    );
  });
});
