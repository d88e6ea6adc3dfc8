import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { answerJson } from "../support/mock-upstream.ts";
import { delta } from "../support/openai-bytes.ts";
import { sdkKinds, stallAfter, startSdkGateway } from "../support/sdk-gateway.ts";

const clientOf = (port: number): Anthropic =>
  new Anthropic({ apiKey: "caller", baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
const asked = {
  model: "up-1",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "What is the weather?" }],
  tools: [{ name: "weather", input_schema: { type: "object" as const, properties: { city: { type: "string" } } } }],
};
const content = [
  { type: "text", text: "Hello there" },
  { type: "tool_use", id: "call-1", name: "weather", input: { city: "Ås" } },
];

describe.each(sdkKinds)("Anthropic's client before a provider of kind %s", (kind) => {
  test("gets a message with its tool call", async () => {
    await using system = await startSdkGateway(kind);
    const message = await clientOf(system.port).messages.create(asked);
    expect(message).toMatchObject({ content, stop_reason: "tool_use", role: "assistant" });
    expect(message.usage.output_tokens).toBe(9);
    expect(JSON.stringify(system.upstream.requests[0]?.headers)).not.toContain("caller");
  });

  test("puts a streamed message together", async () => {
    await using system = await startSdkGateway(kind);
    const stream = clientOf(system.port).messages.stream(asked);
    const texts: string[] = [];
    stream.on("text", (_text, snapshot) => texts.push(snapshot));
    expect(await stream.finalMessage()).toMatchObject({ content, stop_reason: "tool_use" });
    expect(texts).toEqual(["Hello", "Hello there"]);
  });
});

describe("Anthropic's client", () => {
  test("talks to the simulated provider", async () => {
    await using system = await startSdkGateway("openai");
    const { messages } = clientOf(system.port);
    const message = await messages.create({ ...asked, model: "sim-small", tools: [] });
    expect(message.content).toMatchObject([{ type: "text", text: expect.stringMatching(/\w/) }]);
    const streamed = await messages.stream({ ...asked, model: "sim-small", tools: [] }).finalText();
    expect(streamed).toMatch(/\w/);
  });

  test("lists the models", async () => {
    await using system = await startSdkGateway("openai");
    const page = await clientOf(system.port).models.list();
    expect(page.data.map(({ id }) => id)).toEqual(["up-1", "sim-small"]);
    expect(page.hasNextPage()).toBe(false);
  });

  test("understands an error of a provider that speaks another format", async () => {
    const error = { error: { message: "No such key.", type: "invalid_request_error", code: "invalid_api_key" } };
    await using system = await startSdkGateway("openai", answerJson(error, 401));
    const failed = await clientOf(system.port)
      .messages.create(asked)
      .catch((reason: unknown) => reason);
    expect(failed).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(String(failed)).toContain("No such key.");
  });

  test("understands a refusal of the gateway's own", async () => {
    await using system = await startSdkGateway("openai");
    const failed = await clientOf(system.port)
      .messages.create({ ...asked, model: "unknown" })
      .catch((reason: unknown) => reason);
    expect(failed).toBeInstanceOf(Anthropic.NotFoundError);
  });

  test("sees that a stream broke off", async () => {
    await using system = await startSdkGateway("openai", (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(delta({ content: "half" }));
    });
    const stream = clientOf(system.port).messages.stream(asked);
    await expect(stream.finalMessage()).rejects.toThrow("before it was complete");
  });

  test("that gives up stops the provider", async () => {
    const gone = Promise.withResolvers<void>();
    await using system = await startSdkGateway("openai", stallAfter(delta({ content: "half" }), gone.resolve));
    const stream = await clientOf(system.port).messages.create({ ...asked, stream: true });
    for await (const event of stream) {
      if (event.type === "content_block_delta") {
        stream.controller.abort();
      }
    }
    await gone.promise;
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "client_abort" }]);
  });
});
