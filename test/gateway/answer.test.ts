import { describe, expect, test } from "vitest";
import { estimateTokens, noUsage } from "../../core/usage.ts";
import { Answer } from "../../gateway/answer.ts";
import { readProviderUsage } from "../../gateway/provider-usage.ts";

const chunk = (delta: unknown, index = 0): unknown => ({ id: "c", model: "m", choices: [{ index, delta }] });

describe("Answer", () => {
  test.each([
    { name: "a role", value: chunk({ role: "assistant", content: "" }), hasContent: false },
    { name: "a null content", value: chunk({ content: null }), hasContent: false },
    { name: "text", value: chunk({ content: "x" }), hasContent: true },
    { name: "reasoning", value: chunk({ reasoning: "x" }), hasContent: true },
    { name: "a refusal", value: chunk({ refusal: "no" }), hasContent: true },
    { name: "a tool call", value: chunk({ tool_calls: [{ index: 0 }] }), hasContent: true },
    { name: "no tool call", value: chunk({ tool_calls: [] }), hasContent: false },
    { name: "no choice", value: { choices: [] }, hasContent: false },
    { name: "choices of a wrong type", value: { choices: "x" }, hasContent: false },
    { name: "a choice of a wrong type", value: { choices: [null, 3] }, hasContent: false },
    { name: "an array", value: [1], hasContent: false },
    { name: "nothing", value: undefined, hasContent: false },
  ])("$name is content: $hasContent", ({ value, hasContent }) => {
    expect(new Answer(100).read(value)).toBe(hasContent);
  });

  test("puts reasoning, text and tool calls together from their parts", () => {
    const answer = new Answer(100);
    answer.read(chunk({ reasoning_content: "Hm" }));
    answer.read(chunk({ content: "Let " }));
    answer.read(chunk({ content: "me." }));
    answer.read(chunk({ tool_calls: [{ index: 1, id: "b", function: { name: "g", arguments: "{" } }] }));
    answer.read(chunk({ tool_calls: [{ index: 1, function: { arguments: "}" } }] }));
    expect(answer.messages()).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "Hm" },
          { type: "text", content: "Let me." },
          { type: "tool_call", id: "b", name: "g", arguments: "{}" },
        ],
      },
    ]);
  });

  test("keeps no more text than asked, and counts it all", () => {
    const answer = new Answer(10);
    for (let count = 0; count < 5_000; count += 1) {
      answer.read(chunk({ content: "abcdefgh" }));
    }
    expect(answer.messages()).toEqual([{ role: "assistant", parts: [{ type: "text", content: "abcdefghab" }] }]);
    const exact = estimateTokens("abcdefgh".repeat(5_000));
    expect(answer.estimatedTokens).toBeGreaterThanOrEqual(exact);
    expect(answer.estimatedTokens).toBeLessThan(exact * 1.001 + 1);
  });

  test("a provider that numbers choices and tool calls without end does not fill memory", () => {
    const answer = new Answer(10);
    for (let index = 0; index < 2_000; index += 1) {
      answer.read(chunk({ content: "x", tool_calls: [{ index, id: "x" }] }, index));
      answer.read(chunk({ tool_calls: [{ index, id: "x" }] }));
    }
    expect(answer.messages()).toHaveLength(128);
    expect(answer.messages()[0]?.parts.length).toBeLessThan(300);
  });

  test("names a provider's error by its code, else its type", () => {
    const named = (error: unknown): string | null => {
      const answer = new Answer(0);
      answer.read({ error });
      return answer.errorType;
    };
    expect([
      named({ code: "context_length_exceeded", type: "x" }),
      named({ code: null, type: "server_error" }),
      named({ code: 500, message: "long" }),
      named({ code: "has spaces and\nlines" }),
      named("overloaded"),
      named(null),
    ]).toEqual(["context_length_exceeded", "server_error", "_OTHER", "_OTHER", "_OTHER", null]);
  });
});

describe("readProviderUsage", () => {
  const unknown = { ...noUsage, source: "provider" };

  test.each([
    { value: { prompt_tokens: 0, completion_tokens: 0 }, usage: { ...unknown, inputTokens: 0, outputTokens: 0 } },
    { value: { prompt_tokens: 5 }, usage: { ...unknown, inputTokens: 5, outputTokens: null } },
    {
      value: { prompt_tokens: 5, completion_tokens: 2, prompt_cache_hit_tokens: 3 },
      usage: { ...unknown, inputTokens: 5, outputTokens: 2, cacheReadTokens: 3 },
    },
    {
      value: { prompt_tokens: 5, completion_tokens: 2, estimated: true },
      usage: { ...unknown, inputTokens: 5, outputTokens: 2, source: "estimated" },
    },
    { value: { prompt_tokens: -1, completion_tokens: 1.5 }, usage: null },
    { value: { prompt_tokens: "5" }, usage: null },
    { value: {}, usage: null },
    { value: null, usage: null },
    { value: [], usage: null },
  ])("reads $value", ({ value, usage }) => {
    expect(readProviderUsage(value)).toEqual(usage);
  });
});
