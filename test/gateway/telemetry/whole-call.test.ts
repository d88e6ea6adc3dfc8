import { expect, it } from "vitest";
import { openRecorder } from "./open-recorder.ts";

const callerTrace = "0af7651916cd43dd8448eb211c80319c";
const callerSpan = "b7ad6b7169203331";
const resource = {
  "service.name": "plumbline-gateway",
  "service.version": "1.2.3",
  "service.instance.id": "gateway-1",
};

it("a recorded call is one logical span and one span for its attempt, with every fact of the call", () => {
  const { calls, clock, recorder } = openRecorder();
  const call = recorder.start({
    traceparent: `00-${callerTrace}-${callerSpan}-01`,
    tracestate: "vendor=1",
    operation: "chat",
    tenant: "acme",
    keyId: "key-1",
    userHash: "u-hash",
    session: "s-1",
    feature: "search",
    route: "support",
    variant: "canary",
    routeReason: "canary 5%",
    policyVersion: "7",
    provider: "openai",
    modelRequested: "gpt-x",
    isStream: true,
    maxTokens: 256,
    imposedMaxTokens: null,
    temperature: 0.5,
    modelPinned: "real-7",
    systemPromptHash: "sp-hash",
    toolsHash: "t-hash",
    serverAddress: "api.example.com",
    serverPort: 443,
  });
  clock.advance(0.25);
  const attempt = call.startAttempt({
    number: 1,
    provider: "openai",
    target: "openai/gpt-x",
    model: "gpt-x",
    providerKey: "second",
    serverAddress: "api.example.com",
    serverPort: 443,
  });
  clock.advance(1000.5);
  const usage = {
    inputTokens: 100,
    outputTokens: 20,
    cacheReadTokens: 60,
    cacheWriteTokens: 0,
    reasoningTokens: 5,
    parts: { inputAudio: 7 },
    tier: "flex",
    source: "provider",
  } as const;
  const served = { httpStatus: 200, modelServed: "gpt-x-2026", responseId: "r-1", ttftMs: 312.5, usage };
  attempt.end({ outcome: "ok", errorType: null, ...served });
  clock.advance(1);
  call.end({
    rawUsage: '{"prompt_tokens":100}',
    outcome: "ok",
    errorType: null,
    ...served,
    worstGapMs: 40.25,
    finishReasons: ["stop"],
    attempts: 1,
    isFallback: false,
    region: "eu",
    moves: null,
    contentPolicy: "full",
    inputMessages: '[{"role":"user"}]',
    outputMessages: '[{"role":"assistant","parts":[{"content":"größer 🐳"}]}]',
    inputCutBytes: 0,
    outputCutBytes: 70,
  });

  const common = {
    resource,
    scope: "plumbline-gateway",
    traceId: callerTrace,
    traceState: "vendor=1",
    name: "chat gpt-x",
    kind: 3,
    statusCode: 0,
  };
  const request = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-x",
    "gen_ai.request.stream": true,
    "server.address": "api.example.com",
    "server.port": 443,
    "plumbline.tenant": "acme",
    "plumbline.route": "support",
  };
  const response = {
    "plumbline.outcome": "ok",
    "http.response.status_code": 200,
    "gen_ai.response.id": "r-1",
    "gen_ai.response.model": "gpt-x-2026",
    "gen_ai.response.time_to_first_chunk": 0.3125,
    "plumbline.ttft_ms": 312.5,
  };
  expect(calls).toEqual([
    [
      {
        ...common,
        spanId: call.callId,
        parentSpanId: callerSpan,
        startNs: 1_700_000_000_123_000_000n,
        endNs: 1_700_000_001_124_750_000n,
        flags: 0x301,
        attributes: {
          ...request,
          ...response,
          "plumbline.span": "call",
          "gen_ai.request.max_tokens": 256,
          "gen_ai.request.temperature": 0.5,
          "gen_ai.conversation.id": "s-1",
          "plumbline.key.id": "key-1",
          "plumbline.user.hash": "u-hash",
          "plumbline.feature": "search",
          "plumbline.route.reason": "canary 5%",
          "plumbline.variant": "canary",
          "plumbline.policy.version": "7",
          "plumbline.model.pinned": "real-7",
          "plumbline.system_prompt.hash": "sp-hash",
          "plumbline.tools.hash": "t-hash",
          "gen_ai.response.finish_reasons": ["stop"],
          "gen_ai.usage.input_tokens": 100,
          "gen_ai.usage.output_tokens": 20,
          "gen_ai.usage.cache_read.input_tokens": 60,
          "gen_ai.usage.cache_write.input_tokens": 0,
          "gen_ai.usage.reasoning.output_tokens": 5,
          "plumbline.usage.tier": "flex",
          "plumbline.usage.source": "provider",
          "gen_ai.usage.audio.input_tokens": 7,
          "plumbline.usage.raw": '{"prompt_tokens":100}',
          "plumbline.worst_gap_ms": 40.25,
          "plumbline.attempts": 1,
          "plumbline.fallback": false,
          "plumbline.region": "eu",
          "plumbline.content.policy": "full",
          "gen_ai.input.messages": '[{"role":"user"}]',
          "gen_ai.output.messages": '[{"role":"assistant","parts":[{"content":"größer 🐳"}]}]',
          "plumbline.content.output_cut_bytes": 70,
          "plumbline.gateway.seq": 1,
        },
      },
      {
        ...common,
        spanId: attempt.traceparent.split("-")[2],
        parentSpanId: call.callId,
        startNs: 1_700_000_000_123_250_000n,
        endNs: 1_700_000_001_123_750_000n,
        flags: 0x101,
        attributes: {
          ...request,
          ...response,
          "plumbline.span": "attempt",
          "plumbline.target": "openai/gpt-x",
          "plumbline.provider.key": "second",
          "plumbline.attempt": 1,
        },
      },
    ],
  ]);
  expect(call.traceId).toBe(callerTrace);
  expect(attempt.tracestate).toBe("vendor=1");
});
