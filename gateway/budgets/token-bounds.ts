import type { ChatRequest } from "../chat-request.ts";
import { isRecord } from "../is-record.ts";
import { isRunByProvider } from "../run-by-provider.ts";

/** Most tokens that a call can come to. */
export interface TokenBounds {
  readonly input: number;
  readonly output: number;
  /** Whether some of them may be audio, images, or cached for an hour. */
  readonly hasDearParts: boolean;
}

/** What the bounds of a request follow from. */
export interface BoundsArgs {
  readonly chat: ChatRequest;
  readonly operation: "chat" | "embeddings";
  /** The request as it is sent. */
  readonly body: Buffer;
  /** Output tokens of one answer at most. */
  readonly maxOutput: number;
  /** Input tokens to expect at most where the body does not tell. */
  readonly outsideInput: number;
}

/** What providers put before the messages of a call with tools: Anthropic's is the longest, with some 500 tokens. */
const toolTokens = 1_000;
const frameTokens = 64;

/**
 * Most tokens that a call can come to. A token stands for a byte at least, so text has no more tokens than its body has bytes;
 * what is not in the body as text is taken for as much as the model may read.
 */
export const tokenBounds = ({ chat, operation, body, maxOutput, outsideInput }: BoundsArgs): TokenBounds => {
  const { members } = chat;
  const bodyBytes = body.length;
  const written = bodyBytes + frameTokens + (Array.isArray(members["tools"]) ? toolTokens : 0);
  const guessed = members["prediction"] === undefined ? 0 : bodyBytes;
  return {
    input: hasOutsideInput(chat) ? Math.max(written, outsideInput) : written,
    output: operation === "embeddings" ? 0 : maxOutput * choicesOf(members["n"]) + guessed,
    hasDearParts: dearWords.some((word) => body.includes(word)),
  };
};

/** A request without them has no such parts; one with them may have none either, and is then taken for too dear. */
const dearWords = ['"1h"', "audio", "image"];

/** OpenAI bills every choice. */
const choicesOf = (n: unknown): number => (typeof n === "number" && n > 1 ? Math.ceil(n) : 1);

/** Members by which a request has the provider read what is not in its body. */
const pointers = ["previous_response_id", "conversation", "prompt", "container", "mcp_servers", "web_search_options"];

const hasOutsideInput = ({ members, messages }: ChatRequest): boolean =>
  pointers.some((name) => members[name] !== undefined && members[name] !== null) ||
  listOf(members["tools"]).some(isRunByProvider) ||
  messages.some(({ content }) => hasMedia(content)) ||
  listOf(members["messages"]).some((message) => isRecord(message) && hasMedia(message["content"])) ||
  listOf(members["input"]).some((item) => isRecord(item) && (hasMedia(item["content"]) || isReference(item)));

const textParts: ReadonlySet<unknown> = new Set([
  ...["text", "input_text", "output_text", "summary_text", "refusal"],
  ...["thinking", "redacted_thinking", "tool_use"],
]);

const hasMedia = (content: unknown): boolean =>
  listOf(content).some(
    (part) =>
      isRecord(part) && (part["type"] === "tool_result" ? hasMedia(part["content"]) : !textParts.has(part["type"])),
  );

const isReference = (item: Readonly<Record<string, unknown>>): boolean => item["type"] === "item_reference";

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
