import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxRawUsage, rawUsageText } from "../../../core/raw-usage.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import { usageOf as countsOf, recordedUsage } from "./recorded-usage.ts";

describe("the raw usage", () => {
  test("of every known provider is kept as it came", () => {
    const known = recordedUsage.filter((row) => countsOf(row) !== null);
    expect(known.length).toBeGreaterThan(200);
    for (const { usage } of known) {
      expect(JSON.parse(rawUsageText(usage))).toEqual(usage);
    }
  });

  test.each([
    { name: "no object", value: 7, text: "" },
    { name: "a list", value: [{ prompt_tokens: 1 }], text: "" },
    { name: "nothing", value: null, text: "" },
    {
      name: "a text of a call",
      value: { prompt_tokens: 1, said: "my card is 4111 1111" },
      text: '{"prompt_tokens":1}',
    },
    { name: "a text as a name", value: { "my card is 4111": 1, prompt_tokens: 1 }, text: '{"prompt_tokens":1}' },
    { name: "a long word", value: { word: "x".repeat(49), n: 1 }, text: '{"n":1}' },
    { name: "a quote in a text", value: { said: 'x","y', n: 1 }, text: '{"n":1}' },
    { name: "an escape in a text", value: { said: 'a\\\n"b"', n: 1 }, text: '{"n":1}' },
    { name: "an absurd count", value: { prompt_tokens: -1 }, text: '{"prompt_tokens":-1}' },
  ])("keeps numbers and names alone: $name", ({ value, text }) => {
    expect(rawUsageText(value)).toBe(text);
  });

  test("of an object nested without end is cut, and nothing fails", () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`);
    expect(rawUsageText(deep)).toBe(`${'{"a":'.repeat(7)}{}${"}".repeat(7)}`);
  });

  test("is bounded, whatever comes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(Buffer.byteLength(rawUsageText(value))).toBeLessThanOrEqual(maxRawUsage);
      }),
    );
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`name_${at}`.padEnd(40, "x"), at]));
    expect(rawUsageText(many)).toMatch(/^\{"too_long":\d+\}$/);
  });
});

test("a call's record has the provider's usage object and the tier that served it", async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 20, prompt_tokens_details: { audio_tokens: 7 } };
  await using system = await startTestGateway({
    script: answerJson({ ...completion("ok", usage), service_tier: "flex" }),
  });
  expect((await system.ask({ body: hello })).status).toBe(200);
  expect(system.recorded.calls[0]?.ends[0]).toMatchObject({
    rawUsage: JSON.stringify(usage),
    usage: { inputTokens: 10, parts: { inputAudio: 7 }, tier: "flex" },
  });
});
