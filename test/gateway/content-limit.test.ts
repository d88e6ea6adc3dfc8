import { describe, expect, test } from "vitest";
import { answerJson, answerStream } from "./support/mock-upstream.ts";
import { completion, delta, done } from "./support/openai-bytes.ts";
import { startTestGateway } from "./support/test-gateway.ts";

const config = {
  contentLimitBytes: 1_000,
  routes: { main: { models: ["up-1"], targets: [{ provider: "up" }] } },
} as const;
const secret = `sk-${"a1".repeat(40)}`;
/** The limit falls into the middle of a secret, and most of what follows is never looked at. */
const long = `${"x ".repeat(490)}${secret} ${"y ".repeat(50_000)}`;
const messages = [{ role: "user", content: long }];
const words = (long.match(/.{1,50}/gs) ?? []).map((content) => delta({ content }));

const kept = `${"x ".repeat(490)}[SECRET] y y y y y ${"y"}[CUT]`;

describe("a text longer than contentLimitBytes", () => {
  test.each([
    { name: "whole", script: answerJson(completion(long)), isStream: false },
    { name: "streamed", script: answerStream([...words, delta({}, "stop"), done]), isStream: true },
  ])("is marked, counted, and keeps no half of a secret, as a question and as a $name answer", async (row) => {
    await using system = await startTestGateway({ script: row.script, config });
    await system.ask({ body: { model: "up-1", stream: row.isStream, messages } });
    const [end] = (await system.recorded.ended(0)).ends;
    const list = (role: string) => JSON.stringify([{ role, parts: [{ type: "text", content: kept }] }]);
    expect(end?.inputMessages).toBe(list("user"));
    expect(end?.outputMessages).toBe(list("assistant"));
    const redacted = long.replace(secret, "[SECRET]").length;
    const cutBytes = redacted - (kept.length - "[CUT]".length);
    expect([end?.inputCutBytes, end?.outputCutBytes]).toEqual([cutBytes, cutBytes]);
  });
});
