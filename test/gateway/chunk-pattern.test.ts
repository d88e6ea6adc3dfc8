import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Answer } from "../../gateway/answer.ts";
import { ChatEvents } from "../../gateway/chat-events.ts";
import { readSseData } from "../../gateway/sse-data.ts";

/** What is known of an answer, and what the caller got. */
const outcomeOf = (events: readonly Buffer[], options: { readonly isQuick: boolean; readonly hidesUsage: boolean }) => {
  const answer = new Answer(200);
  let contents = 0;
  const reader = new ChatEvents({
    answer,
    hidesUsage: options.hidesUsage,
    onContent: () => {
      contents += 1;
    },
  });
  const { given, full } = readAll(events, reader, options.isQuick);
  const known = {
    messages: answer.messages(),
    finishReasons: answer.finishReasons,
    isFinished: answer.isFinished,
    hasContent: answer.hasContent,
    isMalformed: answer.isMalformed,
    errorType: answer.errorType,
    usage: answer.usage,
    model: answer.model,
    responseId: answer.responseId,
    estimatedTokens: answer.estimatedTokens,
    cutBytes: answer.cutBytes,
    wasTold: contents > 0,
  };
  return { bytes: Buffer.concat(given).toString("hex"), known, alike: events.length - full };
};

/** What the caller gets, and how many events were read in full. */
const readAll = (events: readonly Buffer[], reader: ChatEvents, isQuick: boolean) => {
  const bytes = Buffer.concat(events);
  const given: Buffer[] = [];
  let [at, eventStart, full] = [0, 0, 0];
  for (const event of events) {
    const quick = isQuick && at === eventStart ? reader.readAlike(bytes, at) : null;
    if (quick !== null) {
      given.push(quick.bytes);
      at = quick.end;
    } else if (at === eventStart) {
      const data = readSseData(event);
      given.push(data === null ? event : reader.read(event, data));
      at += event.length;
      full += 1;
    }
    // Otherwise it was read together with the one before.
    eventStart += event.length;
  }
  return { given, full };
};

const eventOf = (value: unknown, space = ""): Buffer =>
  Buffer.from(`data: ${JSON.stringify(value).replaceAll('":', `":${space}`)}\n\n`);

const chunkOf = (content: unknown, more: Readonly<Record<string, unknown>> = {}, choice: object = {}): unknown => ({
  id: "chatcmpl-1",
  model: "m",
  choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null, ...choice }],
  ...more,
});

const text = fc.oneof(
  fc.constantFrom(
    "a",
    " of",
    "\n",
    '"',
    "\\",
    "é",
    "😀",
    "}],",
    '","finish_reason":"stop"',
    "usage",
    '"usage":null',
    "\u0000",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);

const style = fc.record({
  space: fc.constantFrom("", " "),
  pads: fc.boolean(),
  usage: fc.constantFrom("none", "last", "first"),
  id: fc.constantFrom("chatcmpl-1", "chatcmpl-2", "", 'x","choices":[{"delta":{"content":"a', "\u0001", 7, 8, null),
  created: fc.constantFrom(undefined, 1_700_000_000, 17, 170, -1.5, "17", null),
  lead: fc.constantFrom({}, { metadata: { content: "a" } }, { metadata: { obfuscation: "" } }),
});

/** Chunks that say more than their text; each comes several times, as a provider of another mind would send them. */
const odd: readonly ((content: string) => unknown)[] = [
  (content) => chunkOf(content, { model: "other" }),
  (content) => chunkOf(content, {}, { finish_reason: "stop" }),
  (content) => chunkOf(content, {}, { index: 1 }),
  (content) => chunkOf(content, {}, { delta: { content, refusal: "no" } }),
  (content) => chunkOf(content, {}, { delta: { content, reasoning: "hm" } }),
  (content) => chunkOf(content, {}, { delta: { content, tool_calls: [{ index: 0, function: { arguments: "{" } }] } }),
  (content) => chunkOf(content, { usage: { prompt_tokens: 3, completion_tokens: 4 } }),
  (content) => chunkOf(content, { error: { type: "overloaded" } }),
  (content) => ({ metadata: { content }, ...Object(chunkOf("a")) }),
  (content) => chunkOf(content, { obfuscation: 'a"b' }),
  (content) => chunkOf(content, { obfuscation: "é" }),
  (content) => ({ id: content, choices: [] }),
  () => 7,
];

const chunk = fc.oneof(
  { weight: 8, arbitrary: fc.record({ texts: fc.tuple(text), padding: text, odd: fc.constant(null) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      texts: fc.array(text, { minLength: 1, maxLength: 4 }),
      padding: fc.constant(""),
      odd: fc.constantFrom(...odd),
    }),
  },
);

const damage = fc.oneof(
  { weight: 20, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }) },
);

const streams = fc
  .tuple(style, fc.array(fc.tuple(chunk, damage), { maxLength: 14 }))
  .map(([{ space, pads, usage, lead, id, created }, chunks]) =>
    chunks.flatMap(([{ texts, padding, odd: oddly }, hurt]) => {
      const pad = pads ? { obfuscation: padding } : {};
      const counts = usage === "none" ? {} : { usage: null };
      const more = usage === "first" ? { ...counts, ...pad } : { ...pad, ...counts };
      return texts.map((content) => {
        const event = eventOf(
          oddly === null ? { ...lead, ...Object(chunkOf(content, { id, created, ...more })) } : oddly(content),
          space,
        );
        if (hurt !== null) {
          event[hurt.at % event.length] = hurt.byte;
        }
        return event;
      });
    }),
  );

describe("chunks that repeat the one before but for their text", () => {
  it("are known and handed on as if each had been read in full", () => {
    fc.assert(
      fc.property(streams, fc.boolean(), (events, hidesUsage) => {
        const { alike: _, ...quick } = outcomeOf(events, { isQuick: true, hidesUsage });
        const { alike: __, ...full } = outcomeOf(events, { isQuick: false, hidesUsage });
        expect(quick).toEqual(full);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["plain", {}],
    ["with counts to come", { usage: null }],
    ["padded", { obfuscation: "abc" }],
    ["padded, with counts to come", { usage: null, obfuscation: "abc" }],
  ])("are all but the first recognised: %s", (_, more) => {
    const events = ["one", " two", "\n", ' "three"'].map((content) => eventOf(chunkOf(content, more)));
    expect(outcomeOf(events, { isQuick: true, hidesUsage: true }).alike).toBe(3);
  });

  it("are looked for no longer in a stream that numbers its chunks", () => {
    const numbered = Array.from({ length: 6 }, (_, sequence) => eventOf(chunkOf("a", { sequence })));
    const alike = Array.from({ length: 6 }, () => eventOf(chunkOf("a")));
    expect(outcomeOf([...numbered, ...alike], { isQuick: true, hidesUsage: false }).alike).toBe(0);
  });
});
