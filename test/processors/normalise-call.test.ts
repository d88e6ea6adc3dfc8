import { describe, expect, test } from "vitest";
import { genAi, general, plumbline } from "../../core/attributes.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import { contentOf, normaliseAttempt, normaliseCall, roleOf } from "../../processors/normalise-call.ts";
import { normaliseSpan } from "../../processors/normalise-span.ts";
import type { OtlpSpan } from "../../processors/otlp-span.ts";
import { callWith } from "./calls.ts";
import type { TestAttributes, TestSpan } from "./otlp-bytes.ts";
import { otlpBytes } from "./otlp-bytes.ts";

const source = { topic: "otlp_spans", partition: 2, offset: 40, index: 1 };

const spanOf = (span: TestSpan, resource: TestAttributes = {}): OtlpSpan => {
  const [decoded] = decodeSpans(otlpBytes([span], resource));
  if (decoded === undefined) {
    throw new Error("no span came back");
  }
  return decoded;
};

const gatewaySpan: TestSpan = {
  parentSpanId: "00f067aa0ba902b7",
  name: "chat gpt-4",
  startNs: 1_700_000_000_000_000_000n,
  endNs: 1_700_000_001_500_250_000n,
  attributes: {
    [plumbline.span]: "call",
    [plumbline.tenant]: "acme",
    [plumbline.userHash]: "u1",
    [genAi.conversationId]: "s1",
    [plumbline.feature]: "search",
    [plumbline.route]: "chat",
    [plumbline.variant]: "b",
    [plumbline.policyVersion]: "p7",
    [plumbline.routeReason]: "weight 9/10",
    [genAi.operationName]: "chat",
    [genAi.providerName]: "openai",
    [genAi.requestModel]: "gpt-4",
    [genAi.responseModel]: "gpt-4-0613",
    [genAi.requestStream]: true,
    [plumbline.ttftMs]: 120.5,
    [plumbline.worstGapMs]: 33,
    [genAi.inputTokens]: 1_000,
    [genAi.outputTokens]: 20,
    [genAi.cacheReadTokens]: 400,
    [genAi.inputAudioTokens]: 30,
    [plumbline.cacheWrite1hTokens]: 2,
    [plumbline.serviceTier]: "flex",
    [plumbline.rawUsage]: '{"prompt_tokens":1000}',
    [plumbline.usageSource]: "provider",
    [plumbline.outcome]: "ok",
    [general.httpStatus]: 200,
    [genAi.finishReasons]: ["stop"],
    [plumbline.attempts]: 1,
    [plumbline.gatewaySeq]: 17,
    [genAi.inputMessages]: '[{"role":"user"}]',
    [genAi.outputMessages]: '[{"role":"assistant"}]',
    [plumbline.contentPolicy]: "redacted",
  },
};

describe("normaliseCall", () => {
  test("maps a gateway's span to the whole call", () => {
    const call = normaliseCall(spanOf(gatewaySpan, { [general.serviceInstanceId]: "gateway-1" }), source);
    expect(call).toEqual(
      callWith({
        tenant: "acme",
        userHash: "u1",
        session: "s1",
        feature: "search",
        route: "chat",
        variant: "b",
        policyVersion: "p7",
        routeReason: "weight 9/10",
        isStream: true,
        ttftMs: 120.5,
        durationMs: 1_500.25,
        worstGapMs: 33,
        usage: {
          inputTokens: 1_000,
          outputTokens: 20,
          cacheReadTokens: 400,
          cacheWriteTokens: null,
          reasoningTokens: null,
          parts: { inputAudio: 30, cacheWrite1h: 2 },
          tier: "flex",
          source: "provider",
        },
        rawUsage: '{"prompt_tokens":1000}',
        gatewaySeq: 17,
        source,
      }),
    );
  });

  test("maps a span of another instrumented program by the convention alone", () => {
    const foreign = spanOf(
      {
        statusCode: 2,
        attributes: {
          [genAi.operationName]: "chat",
          [genAi.providerName]: "anthropic",
          [genAi.requestModel]: "claude",
          [genAi.timeToFirstChunk]: 0.25,
          [genAi.inputTokens]: 5,
          [general.errorType]: "timeout",
        },
      },
      { [general.serviceName]: "shop" },
    );
    expect(roleOf(foreign)).toBe("call");
    expect(normaliseCall(foreign, source)).toMatchObject({
      route: "shop",
      provider: "anthropic",
      modelRequested: "claude",
      modelServed: null,
      ttftMs: 250,
      outcome: "provider_error",
      errorType: "timeout",
      usage: { inputTokens: 5, outputTokens: null, source: "provider" },
      gatewayId: null,
      gatewaySeq: null,
      convention: "gen_ai",
    });
  });

  test("values out of range become unknown, never a number", () => {
    const call = normaliseCall(
      spanOf({
        startNs: 10n,
        endNs: 4n,
        attributes: {
          [plumbline.span]: "call",
          [plumbline.ttftMs]: Number.NaN,
          [plumbline.worstGapMs]: -1,
          [genAi.inputTokens]: -5,
          [genAi.outputTokens]: 1.5,
          [genAi.cacheReadTokens]: "many",
          [plumbline.outcome]: "splendid",
        },
      }),
      source,
    );
    expect(call).toMatchObject({
      ttftMs: null,
      worstGapMs: null,
      durationMs: 0,
      outcome: "ok",
      usage: { source: "none" },
    });
    expect(call.usage).toEqual({
      inputTokens: null,
      outputTokens: null,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      reasoningTokens: null,
      parts: {},
      tier: null,
      source: "none",
    });
  });

  test.each([
    { name: "a gateway's logical span", attributes: { [plumbline.span]: "call" }, role: "call" },
    {
      name: "a gateway's attempt",
      attributes: { [plumbline.span]: "attempt", [genAi.operationName]: "chat" },
      role: "attempt",
    },
    {
      name: "a wrapper that repeats its children's sums",
      attributes: { [genAi.operationName]: "invoke_agent" },
      role: "other",
    },
    { name: "a span about something else", attributes: { "db.system.name": "postgresql" }, role: "other" },
  ])("$name is: $role", ({ attributes, role }) => {
    expect(roleOf(spanOf({ attributes }))).toBe(role);
  });
});

describe("the other rows of a span", () => {
  test("text of the call goes to its content and to no other table", () => {
    const span = spanOf(gatewaySpan);
    const call = normaliseCall(span, source);
    expect(contentOf(span, call)).toMatchObject({
      callId: call.callId,
      policy: "redacted",
      inputMessages: '[{"role":"user"}]',
      outputMessages: '[{"role":"assistant"}]',
      cutBytes: 0,
    });
    const row = normaliseSpan(span, source);
    expect(Object.keys(row.attributes)).not.toContain(genAi.inputMessages);
    expect(JSON.stringify(row.attributes)).not.toContain("assistant");
  });

  test("what was cut from the text is told with it, also when nothing of it is left", () => {
    const cut = { [plumbline.inputCutBytes]: 1_000, [plumbline.outputCutBytes]: 30 };
    const part = spanOf({ attributes: { ...gatewaySpan.attributes, ...cut } });
    expect(contentOf(part, normaliseCall(part, source))).toMatchObject({
      inputMessages: '[{"role":"user"}]',
      cutBytes: 1_030,
    });
    const all = spanOf({ attributes: { [plumbline.span]: "call", ...cut } });
    expect(contentOf(all, normaliseCall(all, source))).toMatchObject({
      inputMessages: null,
      outputMessages: null,
      cutBytes: 1_030,
    });
  });

  test("a call without text has no content", () => {
    const span = spanOf({ attributes: { [plumbline.span]: "call" } });
    expect(contentOf(span, normaliseCall(span, source))).toBeNull();
  });

  test("an attempt points to its call", () => {
    const attributes = {
      [plumbline.span]: "attempt",
      [plumbline.attempt]: 2,
      [plumbline.target]: "openai/gpt-4",
      [plumbline.outcome]: "timeout",
    };
    expect(normaliseAttempt(spanOf({ attributes, parentSpanId: "00f067aa0ba902b7" }), source)).toMatchObject({
      callId: "00f067aa0ba902b7",
      attemptId: "b7ad6b7169203331",
      number: 2,
      target: "openai/gpt-4",
      outcome: "timeout",
      durationMs: 1_000,
    });
  });

  test("attributes of a trace row are text: arrays as JSON, integers in decimal", () => {
    const row = normaliseSpan(
      spanOf({ attributes: { list: ["a", 1], big: 2n ** 60n, yes: true, map: { k: "v" } } }),
      source,
    );
    expect(row.attributes).toEqual({ list: '["a",1]', big: "1152921504606846976", yes: "true", map: '{"k":"v"}' });
  });
});
