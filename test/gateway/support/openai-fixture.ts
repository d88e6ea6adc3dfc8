import { sse, toolInput } from "./provider-fixture.ts";

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

/** The answer as OpenAI gives it. */
export const openAi = {
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
    parts: {},
    tier: null,
    source: "provider",
  },
  said: "tool_calls",
  isNamed: true,
} as const;
