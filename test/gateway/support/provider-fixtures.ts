import { converseEvent } from "./event-stream-bytes.ts";

/** One provider's way of giving the same answer: a text, a tool call with a city, and counts of its own. */
export interface ProviderFixture {
  readonly kind: string;
  /** Settings of the provider entry, without its address. */
  readonly config: (baseUrl: string) => object;
  readonly path: { readonly whole: string; readonly stream: string };
  /** A header by which the provider knows who calls. */
  readonly credential: readonly [name: string, value: string | RegExp];
  readonly whole: object;
  readonly stream: Buffer;
  readonly streamType: string;
  /** The counts as they are recorded. */
  readonly usage: Readonly<Record<string, number | string | null>>;
  /** Why it ended, in the provider's word. */
  readonly said: string;
  /** Whether it names the model and the answer's id. */
  readonly isNamed: boolean;
}

const sse = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
const named = (...events: readonly { readonly type: string; readonly [name: string]: unknown }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

const toolInput = { city: "Ås" };

const openAiUsage = {
  prompt_tokens: 20,
  completion_tokens: 9,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const chunk = (delta: object, finish: string | null = null, more: object = {}): object => ({
  id: "answer-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "served-1",
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});
const toolDelta = (change: object): object => chunk({ tool_calls: [{ index: 0, ...change }] });

const openAi = {
  whole: {
    id: "answer-1",
    object: "chat.completion",
    created: 1,
    model: "served-1",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "Hello there",
          tool_calls: [
            { id: "call-1", type: "function", function: { name: "weather", arguments: JSON.stringify(toolInput) } },
          ],
        },
        finish_reason: "tool_calls",
      },
    ],
    usage: openAiUsage,
  },
  stream: Buffer.from(
    `${sse(
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "Hello" }),
      chunk({ content: " there" }),
      toolDelta({ id: "call-1", type: "function", function: { name: "weather", arguments: "" } }),
      toolDelta({ function: { arguments: '{"city":' } }),
      toolDelta({ function: { arguments: '"Ås"}' } }),
      chunk({}, "tool_calls"),
      { ...chunk({}), choices: [], usage: openAiUsage },
    )}data: [DONE]\n\n`,
  ),
  streamType: "text/event-stream",
  usage: {
    inputTokens: 20,
    outputTokens: 9,
    cacheReadTokens: 5,
    cacheWriteTokens: null,
    reasoningTokens: 2,
    source: "provider",
  },
  said: "tool_calls",
  isNamed: true,
} as const;

const anthropicBlocks = [
  { type: "text", text: "Hello there" },
  { type: "tool_use", id: "call-1", name: "weather", input: toolInput },
];
const anthropicMessage = { id: "answer-1", type: "message", role: "assistant", model: "served-1" };
const anthropicInput = { input_tokens: 8, cache_creation_input_tokens: 7, cache_read_input_tokens: 5 };
const blockDelta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });

const geminiPart = (part: object, more: object = {}): object => ({
  candidates: [{ content: { role: "model", parts: [part] }, index: 0, ...more }],
  modelVersion: "served-1",
  responseId: "answer-1",
});
const geminiCall = { functionCall: { name: "weather", args: toolInput, id: "call-1" } };
const geminiUsage = {
  promptTokenCount: 20,
  cachedContentTokenCount: 5,
  candidatesTokenCount: 7,
  thoughtsTokenCount: 2,
  totalTokenCount: 29,
};
const gemini = {
  whole: {
    candidates: [
      { content: { role: "model", parts: [{ text: "Hello there" }, geminiCall] }, finishReason: "STOP", index: 0 },
    ],
    usageMetadata: geminiUsage,
    modelVersion: "served-1",
    responseId: "answer-1",
  },
  stream: Buffer.from(
    sse(geminiPart({ text: "Hello" }), geminiPart({ text: " there" }), {
      ...geminiPart(geminiCall, { finishReason: "STOP" }),
      usageMetadata: geminiUsage,
    }),
  ),
  streamType: "text/event-stream",
  usage: openAi.usage,
  said: "STOP",
  isNamed: true,
} as const;

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
