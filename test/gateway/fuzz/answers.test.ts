import fc from "fast-check";
import { expect, test } from "vitest";
import { Answer } from "../../../gateway/answer.ts";
import { captureMessages } from "../../../gateway/capture.ts";
import { isRecord } from "../../../gateway/is-record.ts";
import { readSseData } from "../../../gateway/sse-data.ts";
import { SseSplitter } from "../../../gateway/sse-splitter.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { embeddingsSurface } from "../../../gateway/surfaces/embeddings-surface.ts";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import { WireEvents } from "../../../gateway/wire-events.ts";
import { foldAnswer } from "../../../gateway/wires/whole-answer.ts";
import { wires } from "../../../gateway/wires/wire.ts";
import type { WireName } from "../../../gateway/wires/wire-name.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { brokenJson } from "./broken-json.ts";
import { wildRecord } from "./wild-json.ts";

const wireOf: Readonly<Record<string, WireName>> = {
  openai: "chat",
  anthropic: "messages",
  gemini: "gemini",
  bedrock: "converse",
};
const surfaces = [chatSurface, messagesSurface, responsesSurface];
const labels = { callId: "c1", model: "m1", createdS: 1, wantsUsage: true, members: {} };
const fixtures = providerFixtures.flatMap((fixture) => {
  const wire = wireOf[fixture.kind];
  return wire === undefined ? [] : [{ wire, fixture }];
});

/** The events of a stream whose frames are text. */
const eventsOf = (stream: Buffer): readonly unknown[] => {
  const pieces = new SseSplitter(1_048_576).push(stream);
  return pieces.flatMap(({ bytes }) => {
    const text = readSseData(bytes)?.text ?? "[DONE]";
    return text === "[DONE]" ? [] : [JSON.parse(text)];
  });
};

/** Reads events of a format and writes them for every surface; what it learnt must be storable. */
const translate = (wire: WireName, events: readonly unknown[]): void => {
  for (const writer of [null, ...surfaces.map((surface) => surface.openWriter(labels))]) {
    const answer = new Answer(1_000);
    const reader = wires[wire].openReader("m1");
    const stream = new WireEvents({ answer, reader, writer, onContent: () => {} });
    for (const event of events) {
      const bytes = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
      const data = readSseData(bytes);
      if (data !== null && !stream.isDone) stream.read(bytes, data);
    }
    stream.end();
    captureMessages(answer.messages(), { policy: "redacted", limitBytes: 500 });
    const { usage } = answer;
    for (const count of Object.values(usage ?? {})) {
      expect(typeof count !== "number" || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
    }
  }
};

const rewrite = (wire: WireName, body: unknown): void => {
  const steps = isRecord(body) ? wires[wire].openReader("m1").readWhole(body) : [];
  const answer = new Answer(1_000);
  for (const step of steps) answer.take(step);
  for (const surface of wires[wire].operation === "chat" ? surfaces : [embeddingsSurface]) {
    JSON.stringify(surface.writeWhole(foldAnswer(steps), labels));
  }
};

const streams = fixtures.filter(({ fixture }) => fixture.streamType.startsWith("text/event-stream"));

test.each(streams)("a stream as $wire is read and translated whatever stands in its events", ({ wire, fixture }) => {
  const events = eventsOf(fixture.stream);
  expect(events.length).toBeGreaterThan(2);
  fc.assert(
    fc.property(fc.tuple(...events.map(brokenJson)), (broken) => translate(wire, broken)),
    { numRuns: 200 },
  );
});

test.each(fixtures)("a body as $wire is read and translated whatever stands in it", ({ wire, fixture }) => {
  fc.assert(
    fc.property(brokenJson(fixture.whole), (body) => rewrite(wire, body)),
    { numRuns: 300 },
  );
});

const formats: readonly WireName[] = ["chat", "messages", "responses", "gemini", "converse"];

test.each(formats)("anything at all as %s is no crash", (wire) => {
  fc.assert(
    fc.property(fc.array(wildRecord, { maxLength: 6 }), (events) => {
      translate(wire, events);
      for (const event of events) rewrite(wire, event);
    }),
    { numRuns: 200 },
  );
});

test("a chat completion is read whatever stands in it", () => {
  const { fixture } = fixtures[0] ?? {};
  fc.assert(
    fc.property(fc.oneof(brokenJson(fixture?.whole), wildRecord), (body) => {
      const answer = new Answer(1_000);
      answer.read(body);
      captureMessages(answer.messages(), { policy: "redacted", limitBytes: 500 });
    }),
    { numRuns: 300 },
  );
});
