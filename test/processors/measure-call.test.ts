import { describe, expect, test } from "vitest";
import { noUsage } from "../../core/usage.ts";
import { createMeasureCall } from "../../processors/measure-call.ts";
import { callWith } from "./calls.ts";

const measureCall = createMeasureCall();

const messages = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: "text", content }] }]);

const text = {
  inputMessages: messages("user", "Is 17077 a prime number? Answer with yes or no, please."),
  outputMessages: messages("assistant", "I'm sorry, but I can't help with that request."),
};

describe("a call", () => {
  test("is stored with what its answer and its question are like, by name and version", () => {
    const { measures } = measureCall(callWith({ outcome: "ok", finishReasons: ["stop"] }), text).call;
    expect(measures).toMatchObject({
      "answer_refusal_class@1=full": 1,
      "answer_language@1=en": 1,
      "answer_finish_reason@1=stop": 1,
      "answer_code_fence@1": 0,
      "answer_characters@1": 46,
      "input_language@1=en": 1,
    });
    expect(Object.values(measures).every(Number.isFinite)).toBe(true);
  });

  test("of which no text was kept is measured by its numbers alone", () => {
    const usage = { ...noUsage, inputTokens: 12, outputTokens: 34, source: "provider" } as const;
    const { measures } = measureCall(callWith({ outcome: "ok", usage, finishReasons: [] }), {
      inputMessages: null,
      outputMessages: null,
    }).call;
    expect(measures).toEqual({ "answer_tokens@1": 34, "input_tokens@1": 12 });
  });

  test.each(["client_abort", "upstream_cut", "timeout", "provider_error"] as const)(
    "that ended as %s has no measures: what is missing of it would look like a change",
    (outcome) => {
      const { call, embedding } = measureCall(callWith({ outcome }), text);
      expect([call.measures, embedding]).toEqual([{}, null]);
    },
  );
});
