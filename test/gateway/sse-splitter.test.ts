import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSseData } from "../../gateway/sse-data.ts";
import { SseSplitter } from "../../gateway/sse-splitter.ts";

const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
const line = fc.oneof(
  fc.constantFrom(
    ": comment",
    "data: [DONE]",
    "data:",
    "data",
    "datax: 1",
    "event: ping",
    "id: 7",
    'data: {"a":"é😀"}',
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, "")}`),
);
/** Any text of lines, blank ones included, with any mixture of line ends. */
const streamText = fc
  .array(fc.tuple(fc.oneof({ weight: 3, arbitrary: line }, { weight: 2, arbitrary: fc.constant("") }), lineEnd), {
    maxLength: 24,
  })
  .map((lines) => Buffer.from(lines.map((parts) => parts.join("")).join("")));

const split = (chunks: readonly Buffer[], limitBytes = 1_000_000): readonly { text: string; isWhole: boolean }[] => {
  const splitter = new SseSplitter(limitBytes);
  const pieces = chunks.flatMap((chunk) => splitter.push(chunk));
  const rest = splitter.flush();
  return [...pieces, ...(rest === null ? [] : [rest])].map(({ bytes, isWhole }) => ({
    text: bytes.toString("latin1"),
    isWhole,
  }));
};

describe("SseSplitter", () => {
  test("cuts the same events wherever the chunks end, at every byte", () => {
    fc.assert(
      fc.property(streamText, (bytes) => {
        const whole = split([bytes]);
        expect(split([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
        for (let at = 0; at <= bytes.length; at += 1) {
          expect(split([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("hands out every byte once and in order, whatever the limit", () => {
    fc.assert(
      fc.property(streamText, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 }), (bytes, limit, step) => {
        const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
          bytes.subarray(index * step, (index + 1) * step),
        );
        expect(
          split(chunks, limit)
            .map(({ text }) => text)
            .join(""),
        ).toBe(bytes.toString("latin1"));
      }),
    );
  });

  test("reads the same events whatever the limit and wherever the chunks end: those within the limit", () => {
    fc.assert(
      fc.property(
        streamText,
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        (bytes, limit, step) => {
          const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
            bytes.subarray(index * step, (index + 1) * step),
          );
          const within = split([bytes]).filter(({ text }) => text.length <= limit);
          expect(split(chunks, limit).filter(({ isWhole }) => isWhole)).toEqual(within);
        },
      ),
    );
  });

  test("ends an event at a blank line of any kind", () => {
    const events = ["data: a\n\n", "data: b\r\n\r\n", "data: c\r\r", ": note\n\n", "\n", "data: d\n\r\n"];
    expect(split([Buffer.from(events.join(""))]).map(({ text }) => text)).toEqual(events);
  });

  test("hands out an event in parts, unread, once it is larger than the limit, and recovers after it", () => {
    const chunks = ["data: 12345", "67890", "\n\ndata: x\n\n"].map((text) => Buffer.from(text));
    expect(split(chunks, 12)).toEqual([
      { text: "data: 1234567890", isWhole: false },
      { text: "\n\n", isWhole: false },
      { text: "data: x\n\n", isWhole: true },
    ]);
  });
});

describe("readSseData", () => {
  test.each([
    { event: "data: x\n\n", text: "x" },
    { event: "data:x\r\n\r\n", text: "x" },
    { event: "data:  x\n\n", text: " x" },
    { event: "data\n\n", text: "" },
    { event: "data: a\ndata: b\n\n", text: "a\nb" },
    { event: ": note\nid: 1\ndata: x\nevent: y\n\n", text: "x" },
    { event: "\ufeffdata: x\n\n", text: "x" },
    { event: "data: x", text: "x" },
    { event: "data: a\rdata: b\r\r", text: "a\nb" },
    { event: ": note\n\n", text: null },
    { event: "database: x\n\n", text: null },
    { event: "\n", text: null },
  ])("reads $text from $event", ({ event, text }) => {
    expect(readSseData(Buffer.from(event))?.text ?? null).toBe(text);
  });

  test("says where a single line's data stands", () => {
    const bytes = Buffer.from('id: 1\r\ndata: {"é":1}\r\n\r\n');
    const range = readSseData(bytes)?.range;
    expect(bytes.toString("utf8", range?.start, range?.end)).toBe('{"é":1}');
  });
});
