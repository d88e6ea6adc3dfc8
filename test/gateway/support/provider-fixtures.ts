import { converseEvent } from "./event-stream-bytes.ts";
import { gemini } from "./gemini-fixture.ts";
import { openAi } from "./openai-fixture.ts";
import type { ProviderFixture } from "./provider-fixture.ts";
import { toolInput } from "./provider-fixture.ts";

const named = (...events: readonly { readonly type: string; readonly [name: string]: unknown }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

const anthropicBlocks = [
  { type: "text", text: "Hello there" },
  { type: "tool_use", id: "call-1", name: "weather", input: toolInput },
];
const anthropicMessage = { id: "answer-1", type: "message", role: "assistant", model: "served-1" };
const anthropicInput = { input_tokens: 8, cache_creation_input_tokens: 7, cache_read_input_tokens: 5 };
const blockDelta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });

const converseUsage = {
  inputTokens: 8,
  outputTokens: 9,
  totalTokens: 29,
  cacheReadInputTokens: 5,
  cacheWriteInputTokens: 7,
};
const writtenUsage = { ...openAi.usage, cacheWriteTokens: 7, reasoningTokens: null };

/** Every kind of provider that is reached over HTTP. */
export const providerFixtures: readonly ProviderFixture[] = [
  {
    ...openAi,
    kind: "openai",
    config: (baseUrl) => ({ kind: "openai", baseUrl: `${baseUrl}/v1`, apiKey: "k" }),
    path: { whole: "/v1/chat/completions", stream: "/v1/chat/completions" },
    credential: ["authorization", "Bearer k"],
  },
  {
    ...openAi,
    kind: "azure",
    config: (baseUrl) => ({ kind: "azure", baseUrl, apiKey: "k" }),
    path: {
      whole: "/openai/deployments/up-1/chat/completions?api-version=2024-10-21",
      stream: "/openai/deployments/up-1/chat/completions?api-version=2024-10-21",
    },
    credential: ["api-key", "k"],
  },
  {
    kind: "anthropic",
    config: (baseUrl) => ({ kind: "anthropic", baseUrl: `${baseUrl}/v1`, apiKey: "k" }),
    path: { whole: "/v1/messages", stream: "/v1/messages" },
    credential: ["x-api-key", "k"],
    whole: {
      ...anthropicMessage,
      content: anthropicBlocks,
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: { ...anthropicInput, output_tokens: 9 },
    },
    stream: Buffer.from(
      named(
        {
          type: "message_start",
          message: { ...anthropicMessage, content: [], usage: { ...anthropicInput, output_tokens: 1 } },
        },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "ping" },
        blockDelta(0, { type: "text_delta", text: "Hello" }),
        blockDelta(0, { type: "text_delta", text: " there" }),
        { type: "content_block_stop", index: 0 },
        {
          type: "content_block_start",
          index: 1,
          content_block: { type: "tool_use", id: "call-1", name: "weather", input: {} },
        },
        blockDelta(1, { type: "input_json_delta", partial_json: "" }),
        blockDelta(1, { type: "input_json_delta", partial_json: '{"city":' }),
        blockDelta(1, { type: "input_json_delta", partial_json: '"Ås"}' }),
        { type: "content_block_stop", index: 1 },
        { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
        { type: "message_stop" },
      ),
    ),
    streamType: "text/event-stream; charset=utf-8",
    usage: writtenUsage,
    said: "tool_use",
    isNamed: true,
  },
  {
    ...gemini,
    kind: "gemini",
    config: (baseUrl) => ({ kind: "gemini", baseUrl: `${baseUrl}/v1beta`, apiKey: "k" }),
    path: {
      whole: "/v1beta/models/up-1:generateContent",
      stream: "/v1beta/models/up-1:streamGenerateContent?alt=sse",
    },
    credential: ["x-goog-api-key", "k"],
  },
  {
    ...gemini,
    kind: "vertex",
    config: (baseUrl) => ({
      kind: "vertex",
      project: "p1",
      location: "europe-west4",
      baseUrl: `${baseUrl}/v1`,
      accessToken: "k",
    }),
    path: {
      whole: "/v1/projects/p1/locations/europe-west4/publishers/google/models/up-1:generateContent",
      stream: "/v1/projects/p1/locations/europe-west4/publishers/google/models/up-1:streamGenerateContent?alt=sse",
    },
    credential: ["authorization", "Bearer k"],
  },
  {
    kind: "bedrock",
    config: (baseUrl) => ({
      kind: "bedrock",
      region: "eu-central-1",
      baseUrl,
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "s",
    }),
    path: { whole: "/model/up-1/converse", stream: "/model/up-1/converse-stream" },
    credential: [
      "authorization",
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
    ],
    whole: {
      output: {
        message: {
          role: "assistant",
          content: [{ text: "Hello there" }, { toolUse: { toolUseId: "call-1", name: "weather", input: toolInput } }],
        },
      },
      stopReason: "tool_use",
      usage: converseUsage,
    },
    stream: Buffer.concat([
      converseEvent("messageStart", { role: "assistant" }),
      converseEvent("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hello" } }),
      converseEvent("contentBlockDelta", { contentBlockIndex: 0, delta: { text: " there" } }),
      converseEvent("contentBlockStop", { contentBlockIndex: 0 }),
      converseEvent("contentBlockStart", {
        contentBlockIndex: 1,
        start: { toolUse: { toolUseId: "call-1", name: "weather" } },
      }),
      converseEvent("contentBlockDelta", { contentBlockIndex: 1, delta: { toolUse: { input: '{"city":' } } }),
      converseEvent("contentBlockDelta", { contentBlockIndex: 1, delta: { toolUse: { input: '"Ås"}' } } }),
      converseEvent("contentBlockStop", { contentBlockIndex: 1 }),
      converseEvent("messageStop", { stopReason: "tool_use" }),
      converseEvent("metadata", { usage: converseUsage, metrics: { latencyMs: 5 } }),
    ]),
    streamType: "application/vnd.amazon.eventstream",
    usage: writtenUsage,
    said: "tool_use",
    isNamed: false,
  },
];
