/** One event of a stream. */
const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** The end of a stream. */
export const done = "data: [DONE]\n\n";

const base = { id: "chatcmpl-up", object: "chat.completion.chunk", created: 1, model: "up-1-served" };

/** A chunk with one choice. */
export const delta = (change: unknown, finishReason: string | null = null, more: object = {}): string =>
  event({ ...base, choices: [{ index: 0, delta: change, finish_reason: finishReason }], ...more });

/** The chunk that carries only token counts. */
export const usageChunk = (usage: unknown): string => event({ ...base, choices: [], usage });

/** A whole completion. */
export const completion = (content: string, usage?: unknown): object => ({
  id: "chatcmpl-up",
  object: "chat.completion",
  created: 1,
  model: "up-1-served",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  ...(usage === undefined ? {} : { usage }),
});

/** Token counts with cached and reasoning parts, and the same in the words of the record. */
export const countedUsage = {
  sent: {
    prompt_tokens: 11,
    completion_tokens: 7,
    total_tokens: 18,
    prompt_tokens_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 3 },
  },
  recorded: {
    inputTokens: 11,
    outputTokens: 7,
    cacheReadTokens: 4,
    cacheWriteTokens: null,
    reasoningTokens: 3,
    parts: {},
    tier: null,
    source: "provider",
  },
} as const;
