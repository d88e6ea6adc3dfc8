import { describe, expect, test } from "vitest";
import { Answer } from "../../../gateway/answer.ts";
import { BedrockSink } from "../../../gateway/providers/bedrock-sink.ts";
import { readSseData } from "../../../gateway/sse-data.ts";
import { SseSplitter } from "../../../gateway/sse-splitter.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import type { Surface } from "../../../gateway/surfaces/surface.ts";
import { WireEvents } from "../../../gateway/wire-events.ts";
import { wires } from "../../../gateway/wires/wire.ts";
import type { WireName } from "../../../gateway/wires/wire-name.ts";
import type { ProviderFixture } from "../support/provider-fixture.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";

const wireOf: Readonly<Record<string, WireName>> = {
  openai: "chat",
  azure: "chat",
  anthropic: "messages",
  gemini: "gemini",
  vertex: "gemini",
  bedrock: "converse",
};
const labels = { callId: "c1", model: "m1", createdS: 1, wantsUsage: true, members: {} };

/** What a caller of the surface gets when the provider's stream arrives in these chunks. */
const translate = (fixture: ProviderFixture, surface: Surface, chunks: readonly Buffer[]): string => {
  const splitter = new SseSplitter(1_048_576);
  const reader = wires[wireOf[fixture.kind] ?? "chat"].openReader(labels.model);
  const answer = new Answer(1_000);
  const events = new WireEvents({ answer, reader, writer: surface.openWriter(labels), onContent: () => {} });
  const out: Buffer[] = [];
  const take = (chunk: Buffer): void => {
    for (const piece of splitter.push(chunk)) {
      const data = readSseData(piece.bytes);
      out.push(data === null ? Buffer.alloc(0) : events.read(piece.bytes, data));
    }
  };
  const failure: string[] = [];
  const sink = new BedrockSink(
    {
      onHead: () => {},
      onChunk: take,
      onEnd: () => {},
      onFailure: ({ errorType }) => failure.push(errorType),
    },
    () => {},
  );
  sink.onHead(200, { "content-type": fixture.streamType });
  for (const chunk of chunks) {
    sink.onChunk(chunk);
  }
  sink.onEnd();
  expect([failure, answer.isFinished]).toEqual([[], true]);
  return Buffer.concat(events.isDone ? out : [...out, events.end()]).toString();
};

const cases = providerFixtures.flatMap((fixture) =>
  [chatSurface, messagesSurface, responsesSurface].map((surface) => ({ fixture, surface })),
);

describe("a stream", () => {
  test.each(cases)("of $fixture.kind is the same by $surface.path wherever it is split", ({ fixture, surface }) => {
    const whole = translate(fixture, surface, [fixture.stream]);
    expect(whole).toContain("Hello");
    for (let at = 1; at < fixture.stream.length; at += 1) {
      const halves = [fixture.stream.subarray(0, at), fixture.stream.subarray(at)];
      expect(translate(fixture, surface, halves)).toBe(whole);
    }
    const bytes = Array.from({ length: fixture.stream.length }, (_, at) => fixture.stream.subarray(at, at + 1));
    expect(translate(fixture, surface, bytes)).toBe(whole);
  });
});
