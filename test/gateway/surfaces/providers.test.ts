import { describe, expect, test } from "vitest";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { onlyEnd } from "../support/only-end.ts";
import type { ProviderFixture } from "../support/provider-fixture.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { surfaceReaders } from "../support/surface-answers.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const answering =
  (fixture: ProviderFixture, isStream: boolean): UpstreamScript =>
  (response) => {
    response.writeHead(200, { "content-type": isStream ? fixture.streamType : "application/json" });
    response.end(isStream ? fixture.stream : JSON.stringify(fixture.whole));
  };

const cases = providerFixtures.flatMap((fixture) =>
  surfaceReaders.flatMap((reader) => [true, false].map((isStream) => ({ fixture, reader, isStream }))),
);

describe("an answer of each provider, by each surface", () => {
  test.each(cases)("$fixture.kind by $reader.path, streamed: $isStream", async ({ fixture, reader, isStream }) => {
    await using system = await startTestGateway({
      script: answering(fixture, isStream),
      providerAt: fixture.config,
    });
    const body = { ...reader.request, ...(isStream ? reader.streaming : {}) };
    const response = await system.ask({ path: reader.path, body, headers: { authorization: "Bearer caller" } });
    const text = response.body.toString();
    expect([response.status, text]).toEqual([200, text]);
    const read = isStream ? reader.readStream(text) : reader.readWhole(text);
    expect(read).toEqual({
      text: "Hello there",
      tools: [{ id: "call-1", name: "weather", input: { city: "Ås" } }],
      finish: reader.toolFinish,
      input: fixture.usage["inputTokens"],
      output: fixture.usage["outputTokens"],
    });
    const [sent] = system.upstream.requests;
    expect(sent?.url).toBe(isStream ? fixture.path.stream : fixture.path.whole);
    const [name, value] = fixture.credential;
    expect(sent?.headers[name]).toEqual(typeof value === "string" ? value : expect.stringMatching(value));
    expect(JSON.stringify(sent?.headers)).not.toContain("caller");
    const end = await onlyEnd(system);
    expect(end).toMatchObject({
      outcome: "ok",
      usage: fixture.usage,
      finishReasons: [fixture.said],
      modelServed: fixture.isNamed ? "served-1" : "up-1",
      responseId: fixture.isNamed ? "answer-1" : null,
    });
    expect(end.ttftMs === null).toBe(!isStream);
    expect(system.recorded.calls[0]?.start).toMatchObject({ operation: "chat", isStream, modelRequested: "up-1" });
    expect(JSON.parse(end.outputMessages ?? "")).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "text", content: "Hello there" },
          { type: "tool_call", id: "call-1", name: "weather", arguments: '{"city":"Ås"}' },
        ],
      },
    ]);
  });
});
