import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CapturedMessages } from "../../gateway/capture.ts";
import { captureMessages, cutMark } from "../../gateway/capture.ts";
import { inputMessages, inputText, systemText } from "../../gateway/input-messages.ts";

const conversation = [
  { role: "system", content: "Be brief." },
  { role: "developer", content: [{ type: "text", text: "No lists." }] },
  {
    role: "user",
    content: [
      { type: "text", text: "Mail ada@example.com" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    ],
  },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "t1", type: "function", function: { name: "send", arguments: '{"to":"ada@example.com"}' } }],
  },
  { role: "tool", tool_call_id: "t1", content: "sent from 10.0.0.1" },
];

const parse = (captured: CapturedMessages | null): unknown => JSON.parse(captured?.json ?? "null");

describe("captureMessages", () => {
  test("keeps the conversation, redacted, and of images only that they were there", () => {
    const kept = captureMessages(inputMessages(conversation), { policy: "redacted", limitBytes: 10_000 });
    expect(parse(kept)).toEqual([
      { role: "system", parts: [{ type: "text", content: "Be brief." }] },
      { role: "developer", parts: [{ type: "text", content: "No lists." }] },
      {
        role: "user",
        parts: [
          { type: "text", content: "Mail [EMAIL]" },
          { type: "omitted", kind: "image_url" },
        ],
      },
      { role: "assistant", parts: [{ type: "tool_call", id: "t1", name: "send", arguments: '{"to":"[EMAIL]"}' }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "t1", result: "sent from [IP]" }] },
    ]);
  });

  test("keeps it as it is when the policy is full, and nothing when it is none", () => {
    const messages = inputMessages(conversation);
    expect(captureMessages(messages, { policy: "full", limitBytes: 10_000 })).toMatchObject({
      json: expect.stringContaining("ada@example.com"),
      cutBytes: 0,
    });
    expect(captureMessages(messages, { policy: "none", limitBytes: 10_000 })).toBe(null);
  });

  test("redacts what is only to be measured as well: it travels to the processors", () => {
    const [measured, redacted] = (["measures", "redacted"] as const).map((policy) =>
      captureMessages(inputMessages(conversation), { policy, limitBytes: 10_000 }),
    );
    expect(measured).toEqual(redacted);
    expect(measured?.json).not.toContain("ada@example.com");
  });

  test("keeps at most the limit of all texts together, and marks each cut", () => {
    const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.nat(60), (contents, limitBytes) => {
        const messages = contents.map((content) => ({ role: "user", parts: [{ type: "text", content } as const] }));
        const captured = captureMessages(messages, { policy: "full", limitBytes });
        let left = limitBytes;
        const wanted = contents.map((content) => {
          const bytes = Buffer.from(content);
          const whole = bytes.length <= left;
          const text = whole ? content : new TextDecoder().decode(bytes.subarray(0, left), { stream: true });
          left = whole ? left - bytes.length : 0;
          return { role: "user", parts: [{ type: "text", content: whole ? text : `${text}${cutMark}` }] };
        });
        expect(parse(captured)).toEqual(wanted);
        const keptText = wanted.flatMap(({ parts }) => parts.map(({ content }) => content.replace(cutMark, "")));
        expect(Buffer.byteLength(keptText.join("")) + (captured?.cutBytes ?? 0)).toBe(
          Buffer.byteLength(contents.join("")),
        );
      }),
    );
  });

  test("a value that crosses the limit, or the end of what is looked at, is not kept in part", () => {
    const keep = (content: string): unknown =>
      parse(
        captureMessages([{ role: "user", parts: [{ type: "text", content }] }], {
          policy: "redacted",
          limitBytes: 100,
        }),
      );
    const key = `sk-${"a1".repeat(40)}`;
    expect(keep(`${"x ".repeat(45)}${key} zz`)).toEqual([
      { role: "user", parts: [{ type: "text", content: `${"x ".repeat(45)}[SECRET] z${cutMark}` }] },
    ]);
    const cards = "4111 1111 1111 1111, ".repeat(100);
    expect(JSON.stringify(keep(cards))).not.toMatch(/\d/);
    expect(JSON.stringify(keep(`${"x".repeat(1_100)} ${cards}`))).not.toMatch(/\d/);
  });
});

test("the text of a conversation is what the model reads", () => {
  expect(inputText(conversation).split("\n")).toEqual([
    "Be brief.",
    "No lists.",
    "Mail ada@example.com",
    "",
    'send {"to":"ada@example.com"}',
    "sent from 10.0.0.1",
  ]);
  expect(systemText(conversation)).toBe("Be brief.\nNo lists.");
  expect(systemText([{ role: "user", content: "x" }])).toBe(null);
});
