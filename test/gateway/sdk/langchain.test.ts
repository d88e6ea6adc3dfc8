import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { describe, expect, test } from "vitest";
import { delta } from "../support/openai-bytes.ts";
import { sdkKinds, stallAfter, startSdkGateway } from "../support/sdk-gateway.ts";

const settings = (port: number) => ({
  apiKey: "caller",
  maxRetries: 0,
  configuration: { baseURL: `http://127.0.0.1:${port}/v1` },
});
const modelOf = (port: number, model = "up-1"): ChatOpenAI => new ChatOpenAI({ model, ...settings(port) });
const weather = {
  type: "function" as const,
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};
const call = { id: "call-1", name: "weather", args: { city: "Ås" } };

describe.each(sdkKinds)("LangChain's client before a provider of kind %s", (kind) => {
  test("gets a message with its tool call", async () => {
    await using system = await startSdkGateway(kind);
    const answer = await modelOf(system.port).bindTools([weather]).invoke("What is the weather?");
    expect(answer).toMatchObject({ text: "Hello there", tool_calls: [call], usage_metadata: { input_tokens: 20 } });
  });

  test("puts a streamed message together", async () => {
    await using system = await startSdkGateway(kind);
    const stream = await modelOf(system.port).bindTools([weather]).stream("What is the weather?");
    let whole = null;
    for await (const chunk of stream) {
      whole = whole === null ? chunk : whole.concat(chunk);
    }
    expect(whole).toMatchObject({ text: "Hello there", tool_calls: [call], usage_metadata: { output_tokens: 9 } });
  });
});

describe("LangChain's client", () => {
  test("gets embeddings", async () => {
    await using system = await startSdkGateway("openai");
    const embeddings = new OpenAIEmbeddings({ model: "sim-small", ...settings(system.port) });
    expect(await embeddings.embedQuery("a")).toHaveLength(64);
  });

  test("understands a refusal", async () => {
    await using system = await startSdkGateway("openai");
    await expect(modelOf(system.port, "unknown").invoke("Hi")).rejects.toThrow("does not exist or is not served here");
  });

  test("that gives up stops the provider", async () => {
    const gone = Promise.withResolvers<void>();
    await using system = await startSdkGateway("openai", stallAfter(delta({ content: "half" }), gone.resolve));
    const abort = new AbortController();
    const stream = await modelOf(system.port).stream("Hi", { signal: abort.signal });
    const read = async (): Promise<void> => {
      for await (const _chunk of stream) {
        abort.abort();
      }
    };
    await expect(read()).rejects.toThrow("bort");
    await gone.promise;
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "client_abort" }]);
  });
});
