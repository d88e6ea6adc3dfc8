import { propagation, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart, recordCall } from "./calls.ts";
import { openRecorder } from "./open-recorder.ts";

const callerTrace = "0af7651916cd43dd8448eb211c80319c";
const callerSpan = "b7ad6b7169203331";

describe("trace context", () => {
  it("records the call of a caller that does not sample, within the caller's trace", () => {
    const { calls, recorder } = openRecorder();
    const call = recorder.start({ ...bareStart, traceparent: `00-${callerTrace}-${callerSpan}-00` });
    const attempt = call.startAttempt(bareAttempt);
    attempt.end(bareAttemptEnd);
    call.end(bareEnd);
    expect(calls[0]?.map((span) => span.traceId)).toEqual([callerTrace, callerTrace]);
    expect(attempt.traceparent).toMatch(new RegExp(`^00-${callerTrace}-[0-9a-f]{16}-01$`));
    expect(attempt.tracestate).toBeNull();
  });

  it.each([
    ["no header", null],
    ["an empty header", ""],
    ["a zero trace id", `00-${"0".repeat(32)}-${callerSpan}-01`],
    ["a zero span id", `00-${callerTrace}-${"0".repeat(16)}-01`],
    ["upper case", `00-${callerTrace.toUpperCase()}-${callerSpan}-01`],
    ["version ff", `ff-${callerTrace}-${callerSpan}-01`],
    ["a further field in version 00", `00-${callerTrace}-${callerSpan}-01-x`],
    ["other text", "hello"],
  ])("starts a new trace for %s", (_name, traceparent) => {
    const { calls, recorder } = openRecorder();
    const call = recorder.start({ ...bareStart, traceparent, tracestate: "vendor=1" });
    call.end(bareEnd);
    const [span] = calls[0] ?? [];
    expect(call.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect([call.traceId === callerTrace, span?.parentSpanId, span?.traceState]).toEqual([false, "", ""]);
  });

  it("accepts a later version with further fields", () => {
    const { recorder } = openRecorder();
    const call = recorder.start({ ...bareStart, traceparent: `01-${callerTrace}-${callerSpan}-01-x` });
    call.end(bareEnd);
    expect(call.traceId).toBe(callerTrace);
  });
});

describe("the SDK", () => {
  beforeEach(() => {
    vi.stubEnv("OTEL_TRACES_SAMPLER", "always_off");
    vi.stubEnv("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1");
    vi.stubEnv("OTEL_ATTRIBUTE_COUNT_LIMIT", "1");
    vi.stubEnv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2");
    vi.stubEnv("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2");
    vi.stubEnv("OTEL_SERVICE_NAME", "other");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "a=b");
    vi.stubEnv("OTEL_TRACES_EXPORTER", "console");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("takes nothing from the environment", () => {
    const { calls, recorder } = openRecorder();
    recordCall(recorder, 100_000);
    const [span] = calls[0] ?? [];
    expect(span?.resource).toEqual({
      "service.name": "plumbline-gateway",
      "service.version": "1.2.3",
      "service.instance.id": "gateway-1",
    });
    expect(span?.attributes["gen_ai.output.messages"]).toHaveLength(100_000);
    expect(Object.keys(span?.attributes ?? {})).toHaveLength(16);
  });

  it("says so when the environment switches it off", () => {
    vi.stubEnv("OTEL_SDK_DISABLED", "true");
    expect(() => openRecorder()).toThrow("OTEL_SDK_DISABLED");
  });

  it("runs several times in a process and leaves the globals of the API free", () => {
    const first = openRecorder("gateway-1");
    const second = openRecorder("gateway-2");
    recordCall(first.recorder);
    recordCall(second.recorder);
    const instances = [first, second].map(({ calls }) => calls.map(([span]) => span?.resource["service.instance.id"]));
    expect(instances).toEqual([["gateway-1"], ["gateway-2"]]);
    expect(trace.getTracer("other").startSpan("other").isRecording()).toBe(false);
    expect(propagation.fields()).toEqual([]);
  });
});
