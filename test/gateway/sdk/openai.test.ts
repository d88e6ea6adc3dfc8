import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { answerJson } from "../support/mock-upstream.ts";
import { delta } from "../support/openai-bytes.ts";
import { sdkKinds, stallAfter, startSdkGateway } from "../support/sdk-gateway.ts";

const clientOf = (port: number): OpenAI =>
  new OpenAI({ apiKey: "caller", baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
const messages = [{ role: "user" as const, content: "What is the weather?" }];
const parameters = { type: "object", properties: { city: { type: "string" } } };

describe.each(sdkKinds)("OpenAI's client before a provider of kind %s", (kind) => {
  const tools = [{ type: "function" as const, function: { name: "weather", parameters } }];

  test("gets a completion with its tool call", async () => {
    await using system = await startSdkGateway(kind);
    const answer = await clientOf(system.port).chat.completions.create({ model: "up-1", messages, tools });
    const [choice] = answer.choices;
    expect([choice?.message.content, choice?.finish_reason]).toEqual(["Hello there", "tool_calls"]);
    expect(choice?.message.tool_calls).toEqual([
      { id: "call-1", type: "function", function: { name: "weather", arguments: '{"city":"Ås"}' } },
    ]);
    expect([answer.usage?.prompt_tokens, answer.usage?.completion_tokens]).toEqual([20, 9]);
  });

  test("puts a streamed completion together", async () => {
    await using system = await startSdkGateway(kind);
    const stream = clientOf(system.port).chat.completions.stream({
      model: "up-1",
      messages,
      tools,
      stream_options: { include_usage: true },
    });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]?.message).toMatchObject({
      content: "Hello there",
      tool_calls: [{ id: "call-1", function: { name: "weather", arguments: '{"city":"Ås"}' } }],
    });
    expect(answer.usage?.prompt_tokens).toBe(20);
  });

  test("gets a response, and puts a streamed one together", async () => {
    await using system = await startSdkGateway(kind);
    const { responses } = clientOf(system.port);
    const asked = { model: "up-1", input: "What is the weather?" };
    const whole = await responses.create(asked);
    expect([whole.output_text, whole.status, whole.usage?.input_tokens]).toEqual(["Hello there", "completed", 20]);
    const stream = responses.stream(asked);
    const seen: string[] = [];
    stream.on("response.output_text.delta", (event) => seen.push(event.snapshot));
    const final = await stream.finalResponse();
    expect(seen).toEqual(["Hello", "Hello there"]);
    expect(final.output.map((item) => item.type)).toEqual(["message", "function_call"]);
    expect(final.output_text).toBe("Hello there");
  });
});

describe("OpenAI's client", () => {
  test("talks to the simulated provider, streamed and whole", async () => {
    await using system = await startSdkGateway("openai");
    const { chat } = clientOf(system.port);
    const whole = await chat.completions.create({ model: "sim-small", messages });
    expect(whole.choices[0]?.message.content).not.toBe("");
    const stream = await chat.completions.create({ model: "sim-small", messages, stream: true });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    expect(text).not.toBe("");
  });

  test("gets embeddings, packed as it asks for them", async () => {
    await using system = await startSdkGateway("openai");
    const { embeddings } = clientOf(system.port);
    const [a, b, again] = (await embeddings.create({ model: "sim-small", input: ["a", "b", "a"] })).data;
    expect([a?.embedding.length, a?.index, b?.index]).toEqual([64, 0, 1]);
    expect(a?.embedding).toEqual(again?.embedding);
    expect(a?.embedding).not.toEqual(b?.embedding);
    expect(system.recorded.calls[0]?.start.operation).toBe("embeddings");
  });

  test("lists the models", async () => {
    await using system = await startSdkGateway("openai");
    const models = await clientOf(system.port).models.list();
    expect(models.data.map(({ id }) => id)).toEqual(["up-1", "sim-small"]);
  });

  test("understands an error of a provider that speaks another format", async () => {
    const error = { type: "error", error: { type: "rate_limit_error", message: "Slow down." } };
    await using system = await startSdkGateway("anthropic", answerJson(error, 429));
    const failed = await clientOf(system.port)
      .chat.completions.create({ model: "up-1", messages })
      .catch((reason: unknown) => reason);
    expect(failed).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failed).toMatchObject({ code: "rate_limit_error", message: "429 Slow down." });
  });

  test("sees that a stream broke off", async () => {
    await using system = await startSdkGateway("openai", (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(delta({ content: "half" }));
    });
    const { chat, responses } = clientOf(system.port);
    const stream = await chat.completions.create({ model: "up-1", messages, stream: true });
    const drain = async (events: AsyncIterable<unknown>): Promise<void> => {
      for await (const _event of events) {
        // Only its end matters.
      }
    };
    await expect(drain(stream)).rejects.toThrow("before it was complete");
    const response = await responses.create({ model: "up-1", input: "Hi", stream: true });
    await expect(drain(response)).rejects.toThrow("before it was complete");
  });

  test("that gives up stops the provider", async () => {
    const gone = Promise.withResolvers<void>();
    await using system = await startSdkGateway("openai", stallAfter(delta({ content: "half" }), gone.resolve));
    const stream = await clientOf(system.port).chat.completions.create({ model: "up-1", messages, stream: true });
    for await (const _chunk of stream) {
      stream.controller.abort();
    }
    await gone.promise;
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "client_abort" }]);
  });
});
