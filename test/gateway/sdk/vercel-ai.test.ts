import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { ToolSet } from "ai";
import { embedMany, generateText, jsonSchema, streamText } from "ai";
import { describe, expect, test } from "vitest";
import { delta } from "../support/openai-bytes.ts";
import { sdkKinds, stallAfter, startSdkGateway } from "../support/sdk-gateway.ts";

const providerOf = (port: number) =>
  createOpenAICompatible({ name: "plumbline", baseURL: `http://127.0.0.1:${port}/v1`, includeUsage: true });
const tools: ToolSet = {
  weather: {
    description: "Tells the weather.",
    inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } } }),
  },
};
const asked = { prompt: "What is the weather?", tools, maxRetries: 0 };
const call = { toolCallId: "call-1", toolName: "weather", input: { city: "Ås" } };

describe.each(sdkKinds)("Vercel's client before a provider of kind %s", (kind) => {
  test("gets a text with its tool call", async () => {
    await using system = await startSdkGateway(kind);
    const answer = await generateText({ ...asked, model: providerOf(system.port)("up-1") });
    expect([answer.text, answer.finishReason, answer.usage.inputTokens]).toEqual(["Hello there", "tool-calls", 20]);
    expect(answer.toolCalls).toMatchObject([call]);
  });

  test("streams it", async () => {
    await using system = await startSdkGateway(kind);
    const answer = streamText({ ...asked, model: providerOf(system.port)("up-1") });
    const texts: string[] = [];
    for await (const text of answer.textStream) {
      texts.push(text);
    }
    expect(texts).toEqual(["Hello", " there"]);
    expect(await answer.toolCalls).toMatchObject([call]);
    expect((await answer.usage).outputTokens).toBe(9);
  });
});

describe("Vercel's client", () => {
  test("gets embeddings", async () => {
    await using system = await startSdkGateway("openai");
    const model = providerOf(system.port).embeddingModel("sim-small");
    const { embeddings } = await embedMany({ model, values: ["a", "b"], maxRetries: 0 });
    expect(embeddings.map((vector) => vector.length)).toEqual([64, 64]);
  });

  test("understands a refusal", async () => {
    await using system = await startSdkGateway("openai");
    const failed = generateText({ ...asked, model: providerOf(system.port)("unknown") });
    await expect(failed).rejects.toThrow("does not exist or is not served here");
  });

  test("that gives up stops the provider", async () => {
    const gone = Promise.withResolvers<void>();
    await using system = await startSdkGateway("openai", stallAfter(delta({ content: "half" }), gone.resolve));
    const abort = new AbortController();
    const answer = streamText({ ...asked, model: providerOf(system.port)("up-1"), abortSignal: abort.signal });
    for await (const _text of answer.textStream) {
      abort.abort();
    }
    await gone.promise;
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "client_abort" }]);
  });
});
