import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutMessages } from "../../../../gateway/telemetry/fitting/cut-messages.ts";
import { cutText, jsonBytes } from "../../../../gateway/telemetry/fitting/cut-text.ts";

interface Message {
  readonly role: string;
  readonly parts: readonly Readonly<Record<string, string>>[];
}

const user = (content: string): Message => ({ role: "user", parts: [{ type: "text", content }] });

const cutTo = (messages: readonly Message[], maxBytes: number) => {
  const { json, cutBytes } = cutMessages(JSON.stringify(messages), maxBytes);
  const kept: unknown = json === null ? null : JSON.parse(json);
  return { kept, cutBytes, bytes: Buffer.byteLength(json ?? "") };
};

/** Everything that JSON, UTF-8 and UTF-16 make awkward: quotes, controls, halves of pairs, several bytes, long runs. */
const character = fc.oneof(
  fc.constantFrom('"', "\\", "\n", "\u0001", "\ud83d", "\udc33", "ä", "€", "🐳", "a"),
  fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
);
const text = fc
  .tuple(fc.array(character, { maxLength: 40 }), fc.integer({ min: 1, max: 30 }))
  .map(([characters, times]) => characters.join("").repeat(times));

describe("a cut text", () => {
  it("keeps its head and its tail and says how many bytes are missing", () => {
    expect(cutText("abcdefghijklmnopqrstuvwxyz0123456789", 24)).toEqual({
      text: "abcde[CUT 26 bytes]56789",
      cutBytes: 26,
    });
    expect(cutText("short", 5)).toEqual({ text: "short", cutBytes: 0 });
    expect(cutText("12345678901234567890", 4)).toEqual({ text: "", cutBytes: 20 });
  });

  it("fits, wastes little, never splits a character, and adds up with what it left out", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 300 }), (whole, maxBytes) => {
        const cut = cutText(whole, maxBytes);
        expect(jsonBytes(cut.text)).toBeLessThanOrEqual(maxBytes);
        if (cut.cutBytes === 0) {
          expect(cut.text).toBe(whole);
          return;
        }
        const mark = `[CUT ${cut.cutBytes} bytes]`;
        const at = cut.text.indexOf(mark);
        const [head, tail] = [cut.text.slice(0, at), cut.text.slice(at + mark.length)];
        expect(whole.startsWith(head)).toBe(true);
        expect(whole.endsWith(tail)).toBe(true);
        expect(Buffer.byteLength(whole.slice(head.length, whole.length - tail.length))).toBe(cut.cutBytes);
        expect(jsonBytes(cut.text)).toBeGreaterThan(maxBytes - 20);
        if (whole.isWellFormed()) {
          expect([head.isWellFormed(), tail.isWellFormed()]).toEqual([true, true]);
        }
      }),
    );
  });
});

describe("cut messages", () => {
  it("are whole when they fit", () => {
    const messages = [user("hello"), { role: "assistant", parts: [] }];
    expect(cutTo(messages, JSON.stringify(messages).length)).toMatchObject({ kept: messages, cutBytes: 0 });
  });

  it("lose the middle of the longest texts first", () => {
    const { kept, cutBytes } = cutTo([user("be brief"), user("x".repeat(5_000)), user("y".repeat(600))], 1_600);
    expect(kept).toEqual([
      user("be brief"),
      user(expect.stringMatching(/^x{350,450}\[CUT \d+ bytes\]x{350,450}$/)),
      user("y".repeat(600)),
    ]);
    expect(cutBytes).toBeGreaterThan(4_000);
  });

  it("lose whole parts from the middle when there are too many, and say how many", () => {
    const messages = Array.from({ length: 1_000 }, (_, index) => user(`message ${index}`));
    const { kept, cutBytes, bytes } = cutTo(messages, 2_000);
    const list = Array.isArray(kept) ? kept : [];
    const middle = list.findIndex((message) => message.role === "plumbline");
    const left = 1_000 - (list.length - 1);
    const head = messages.slice(0, middle);
    const tail = messages.slice(middle - list.length + 1);
    const omitted = messages
      .slice(middle, middle + left)
      .map(({ parts }) => `${parts[0]?.["type"]}${parts[0]?.["content"]}`);
    expect(list).toEqual([
      ...head,
      { role: "plumbline", parts: [{ type: "omitted", kind: `${left} parts, ${omitted.join("").length} bytes` }] },
      ...tail,
    ]);
    expect([Math.abs(head.length - tail.length) <= 1, left > 900, bytes > 1_700]).toEqual([true, true, true]);
    expect(cutBytes).toBe(omitted.join("").length);
  });

  it("lose parts of one message in the same way", () => {
    const parts = Array.from({ length: 500 }, (_, index) => ({ type: "text", content: `part ${index}` }));
    const { kept } = cutTo([{ role: "user", parts }], 1_000);
    expect(kept).toMatchObject([
      { role: "user", parts: expect.arrayContaining([{ type: "text", content: "part 0" }]) },
      { role: "plumbline" },
      { role: "user", parts: expect.arrayContaining([{ type: "text", content: "part 499" }]) },
    ]);
  });

  it("are left out whole when there is room for nothing, or when they are no messages", () => {
    expect(cutTo([user("x".repeat(500))], 40)).toMatchObject({ kept: null, cutBytes: 504 });
    expect(cutTo([user("x".repeat(500))], -1)).toMatchObject({ kept: null, cutBytes: 504 });
    expect(cutMessages("x".repeat(100), 50)).toEqual({ json: null, cutBytes: 100 });
    expect(cutMessages(JSON.stringify({ a: "x".repeat(100) }), 50)).toEqual({ json: null, cutBytes: 108 });
  });

  it("fit, parse, and add up with what was left out, whatever they are", () => {
    const part = fc.oneof(
      fc.record({ type: fc.constant("text"), content: text }),
      fc.record({ type: fc.constant("tool_call"), id: text, name: text, arguments: text }),
    );
    const role = fc.constantFrom("user", "assistant");
    const list = fc.array(fc.record({ role, parts: fc.array(part, { maxLength: 5 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(list, fc.integer({ min: 0, max: 4_000 }), (messages, maxBytes) => {
        const { kept, cutBytes, bytes } = cutTo(messages, maxBytes);
        expect(bytes).toBeLessThanOrEqual(maxBytes);
        expect(kept === null || Array.isArray(kept)).toBe(true);
        const left = Array.isArray(kept) ? kept.filter((message) => message.role !== "plumbline") : [];
        expect(textBytes(left) + cutBytes).toBe(textBytes(messages));
      }),
      { numRuns: 150 },
    );
  });

  it("can be cut from 100,000 messages, and from a role that is longer than all text", () => {
    const many = cutTo(
      Array.from({ length: 100_000 }, (_, index) => user(`message ${index}`)),
      100_000,
    );
    expect([many.bytes <= 100_000, many.bytes > 95_000]).toEqual([true, true]);
    const { kept, bytes } = cutTo([{ role: "r".repeat(10_000), parts: user("hello").parts }], 400);
    expect(bytes).toBeLessThanOrEqual(400);
    expect(kept).toEqual([{ role: expect.stringMatching(/^r+\[CUT \d+ bytes\]r+$/), parts: user("hello").parts }]);
  });
});

/** Bytes of the texts of all parts, without the marks of cuts. */
const textBytes = (messages: readonly Message[]): number =>
  messages
    .flatMap(({ parts }) => parts.flatMap((part) => Object.values(part)))
    .flatMap((text) => text.split(/\[CUT \d+ bytes\]/))
    .reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
