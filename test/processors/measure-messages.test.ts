import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstChoice, readMessages } from "../../processors/measure-messages.ts";

describe("readMessages", () => {
  test("joins text parts, keeps tool calls and leaves reasoning out", () => {
    const json = JSON.stringify([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "text", content: "a" },
          { type: "text", content: "b" },
          { type: "tool_call", id: "1", name: "f", arguments: "{}" },
          { type: "tool_call", id: "2", name: "g", arguments: { x: 1 } },
        ],
      },
    ]);
    const toolCalls = [
      { name: "f", arguments: "{}" },
      { name: "g", arguments: '{"x":1}' },
    ];
    expect(readMessages(json)).toEqual([{ role: "assistant", text: "a\nb", toolCalls, isCut: false }]);
  });

  test("a message with plain content is read as one text", () => {
    expect(readMessages('[{"role":"user","content":"hi"}]')).toEqual([
      { role: "user", text: "hi", toolCalls: [], isCut: false },
    ]);
  });

  test.each(["begin[CUT]", "begin[CUT 1234 bytes]end"])("%j was cut", (content) => {
    expect(readMessages(JSON.stringify([{ role: "user", content }]))).toMatchObject([{ isCut: true }]);
  });

  test("of an answer the first choice is taken, and nothing is known of one that was not kept", () => {
    const messages = readMessages('[{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}]');
    expect(firstChoice(messages)).toMatchObject({ text: "a", toolCalls: [], isCut: false });
    expect(firstChoice(null)).toEqual({ text: null, toolCalls: null, isCut: false });
    expect(firstChoice([])).toEqual({ text: null, toolCalls: null, isCut: false });
  });

  test.each([null, "", "{", "{}", "7"])("%j is no list of messages", (json) => {
    expect(readMessages(json)).toBeNull();
  });

  test("whatever JSON stands there, it is read or null", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const messages = readMessages(json);
        expect(messages === null || messages.every(({ text }) => typeof text === "string")).toBe(true);
      }),
    );
  });
});
