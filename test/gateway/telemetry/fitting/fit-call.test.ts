import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { genAi, general, plumbline } from "../../../../core/attributes.ts";
import { fitCall } from "../../../../gateway/telemetry/fitting/fit-call.ts";
import type { TestAttributes } from "../../../processors/otlp-bytes.ts";
import { otlpBytes } from "../../../processors/otlp-bytes.ts";
import type { DecodedSpan } from "../decode-request.ts";
import { decodeRequest } from "../decode-request.ts";

const numbers = {
  [genAi.inputTokens]: 123_456,
  [genAi.outputTokens]: 0,
  [plumbline.ttftMs]: 12.5,
  [plumbline.isFallback]: false,
  [plumbline.gatewaySeq]: 2 ** 40,
} as const;

const requestOf = (call: TestAttributes, attempt: TestAttributes = {}): Uint8Array =>
  otlpBytes([
    { spanId: "a".repeat(16), attributes: { [plumbline.span]: "call", ...numbers, ...call } },
    {
      spanId: "b".repeat(16),
      parentSpanId: "a".repeat(16),
      attributes: { [plumbline.span]: "attempt", [general.httpStatus]: 200, ...attempt },
    },
  ]);

const fitted = (request: Uint8Array, maxBytes: number) => {
  const { bytes, isCut } = fitCall(request, maxBytes);
  const [call, attempt] = decodeRequest(bytes);
  return { bytes: bytes.length, isCut, call: call?.attributes ?? {}, attempt: attempt?.attributes ?? {} };
};

const messages = (bytes: number, letter = "x"): string =>
  JSON.stringify([{ role: "user", parts: [{ type: "text", content: letter.repeat(bytes) }] }]);

/** The spans without their attributes, and of these the ones that are no text. */
const bonesOf = (spans: readonly DecodedSpan[]) =>
  spans.map(({ attributes, ...bones }) => ({
    ...bones,
    name: "",
    attributes: Object.entries(attributes).filter(
      ([key, value]) =>
        (typeof value === "number" || typeof value === "boolean") &&
        key !== plumbline.inputCutBytes &&
        key !== plumbline.outputCutBytes,
    ),
  }));

describe("a call that fits", () => {
  it("keeps its bytes, up to the last", () => {
    const request = requestOf({ [genAi.inputMessages]: messages(1_000) });
    expect(fitCall(request, request.length)).toEqual({ bytes: request, isCut: false });
    expect(fitCall(request, request.length - 1).isCut).toBe(true);
  });
});

describe("a call that is too long", () => {
  it("loses text of the longer list first, and says how much", () => {
    const request = requestOf({ [genAi.inputMessages]: messages(9_000), [genAi.outputMessages]: messages(500, "y") });
    const { bytes, call } = fitted(request, 4_000);
    expect([bytes <= 4_000, bytes > 3_600]).toEqual([true, true]);
    expect(call).toMatchObject({ ...numbers, [genAi.outputMessages]: messages(500, "y") });
    expect(call).not.toHaveProperty([plumbline.outputCutBytes]);
    const kept: unknown = JSON.parse(String(call[genAi.inputMessages]));
    const cut = Number(call[plumbline.inputCutBytes]);
    const content = expect.stringMatching(new RegExp(`^x+\\[CUT ${cut} bytes\\]x+$`));
    expect(kept).toEqual([{ role: "user", parts: [{ type: "text", content }] }]);
  });

  it("shares the room between two long lists", () => {
    const request = requestOf({ [genAi.inputMessages]: messages(9_000), [genAi.outputMessages]: messages(8_000, "y") });
    const { bytes, call } = fitted(request, 4_000);
    const [input, output] = [String(call[genAi.inputMessages]), String(call[genAi.outputMessages])];
    expect(bytes).toBeLessThanOrEqual(4_000);
    expect(Math.abs(input.length - output.length)).toBeLessThan(8);
    expect([call[plumbline.inputCutBytes], call[plumbline.outputCutBytes]]).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
  });

  it("adds to the marks of an earlier cut", () => {
    const first = fitCall(requestOf({ [genAi.inputMessages]: messages(9_000) }), 5_000).bytes;
    const before = Number(decodeRequest(first)[0]?.attributes[plumbline.inputCutBytes]);
    const { call } = fitted(first, 2_000);
    expect(Number(call[plumbline.inputCutBytes]) - before).toBeGreaterThan(2_500);
    expect(JSON.stringify(call).match(/CUT/g)).toHaveLength(1);
  });

  it("loses its text altogether, then its longest attributes, names them, and keeps whose call it is", () => {
    const tenant = "t".repeat(400);
    const request = requestOf(
      {
        [genAi.inputMessages]: messages(600),
        [genAi.requestModel]: "m".repeat(20_000),
        [genAi.responseId]: "r".repeat(500),
        [genAi.finishReasons]: ["f".repeat(3_000), "stop"],
        [plumbline.tenant]: tenant,
      },
      { [genAi.requestModel]: "m".repeat(20_000), [genAi.providerName]: "openai" },
    );
    const { bytes, call, attempt } = fitted(request, 2_400);
    expect(bytes).toBeLessThanOrEqual(2_400);
    expect(call).toEqual({
      ...numbers,
      [plumbline.span]: "call",
      [plumbline.tenant]: tenant,
      [genAi.responseId]: "r".repeat(500),
      [plumbline.inputCutBytes]: 604,
      [plumbline.attributesDropped]: "gen_ai.request.model,gen_ai.response.finish_reasons",
    });
    expect(attempt).toEqual({
      [plumbline.span]: "attempt",
      [general.httpStatus]: 200,
      [genAi.providerName]: "openai",
      [plumbline.attributesDropped]: "gen_ai.request.model",
    });
  });

  it("keeps its numbers even where they alone are too long", () => {
    const { bytes, call } = fitted(requestOf({ [genAi.inputMessages]: messages(600) }), 10);
    expect(bytes).toBeLessThan(700);
    expect(call).toMatchObject(numbers);
  });

  it("fits with all numbers, ids and times as they were, whatever it is made of", () => {
    const long = fc
      .string({ unit: "binary", maxLength: 50 })
      .chain((unit) => fc.integer({ min: 0, max: 200 }).map((times) => unit.repeat(times)));
    const value = fc.oneof(long, fc.array(long, { maxLength: 3 }), fc.double({ noNaN: true }), fc.boolean());
    const names = Object.values(genAi).filter((name) => !name.endsWith("put.messages"));
    const texts = fc.record({ [genAi.inputMessages]: long, [genAi.outputMessages]: long });
    const attributes = fc
      .tuple(fc.dictionary(fc.constantFrom(...names, "other", ""), value), texts)
      .map(([some, text]) => ({ ...some, ...text }));
    fc.assert(
      fc.property(attributes, attributes, fc.integer({ min: 16_384, max: 20_000 }), (call, attempt, maxBytes) => {
        const request = requestOf(call, attempt);
        const { bytes } = fitCall(request, maxBytes);
        expect(bytes.length).toBeLessThanOrEqual(maxBytes);
        expect(bonesOf(decodeRequest(bytes))).toEqual(bonesOf(decodeRequest(request)));
      }),
      { numRuns: 60 },
    );
  });

  it("is never an error: bytes that are no request come back as they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(50), (bytes, maxBytes) => {
        expect(fitCall(bytes, maxBytes).bytes.length).toBeLessThanOrEqual(Math.max(bytes.length + 300, maxBytes));
      }),
      { numRuns: 1_000 },
    );
  });
});
