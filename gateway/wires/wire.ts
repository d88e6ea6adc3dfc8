import type { AnswerReader } from "./answer-event.ts";
import { ChatReader } from "./chat/chat-reader.ts";
import { writeChatRequest } from "./chat/write-chat-request.ts";
import { ConverseReader } from "./converse/converse-reader.ts";
import { writeConverseRequest } from "./converse/write-converse-request.ts";
import type { Feature } from "./feature.ts";
import { GeminiEmbeddingsReader, writeGeminiEmbeddings } from "./gemini/gemini-embeddings.ts";
import { GeminiReader } from "./gemini/gemini-reader.ts";
import { writeGeminiRequest } from "./gemini/write-gemini-request.ts";
import { MessagesReader } from "./messages/messages-reader.ts";
import { writeMessagesRequest } from "./messages/write-messages-request.ts";
import { ResponsesReader } from "./responses/responses-reader.ts";
import type { WireName } from "./wire-name.ts";

type Members = Readonly<Record<string, unknown>>;

/** A format in which providers are spoken to. */
export interface Wire {
  readonly operation: "chat" | "embeddings";
  /** A reader of one answer of `model`, for formats whose answers do not name it. */
  readonly openReader: (model: string) => AnswerReader;
  /** A request in the members of OpenAI's format, in those of this one; null where requests are only passed through. */
  readonly writeRequest: ((members: Members, model: string) => Members) | null;
  /** What a translated request may ask for. A request that is passed through may ask for anything: the provider judges it. */
  readonly features: ReadonlySet<Feature>;
  /** The caller's headers that are passed on. Its Authorization and its key are never among them: they are for the gateway. */
  readonly passedOn: readonly string[];
}

const common: readonly Feature[] = ["stream", "tools", "images"];
const openAiHeaders: readonly string[] = ["openai-beta", "idempotency-key"];

/** Every format, and what can be said in it. */
export const wires: Readonly<Record<WireName, Wire>> = {
  chat: {
    operation: "chat",
    openReader: () => new ChatReader(),
    writeRequest: writeChatRequest,
    features: new Set([
      ...common,
      ...(["image_addresses", "audio", "json_object", "json_schema", "choices", "logprobs"] as const),
    ]),
    passedOn: openAiHeaders,
  },
  messages: {
    operation: "chat",
    openReader: () => new MessagesReader(),
    writeRequest: writeMessagesRequest,
    features: new Set([...common, "image_addresses", "json_schema"]),
    passedOn: ["anthropic-version", "anthropic-beta", "idempotency-key"],
  },
  responses: {
    operation: "chat",
    openReader: () => new ResponsesReader(),
    writeRequest: null,
    features: new Set(),
    passedOn: openAiHeaders,
  },
  gemini: {
    operation: "chat",
    openReader: () => new GeminiReader(),
    writeRequest: writeGeminiRequest,
    features: new Set([...common, "json_object", "json_schema"]),
    passedOn: [],
  },
  converse: {
    operation: "chat",
    openReader: (model) => new ConverseReader(model),
    writeRequest: writeConverseRequest,
    features: new Set(common),
    passedOn: [],
  },
  embeddings: {
    operation: "embeddings",
    // Embeddings in OpenAI's format are passed through and read as they are, in the words of chat completions.
    openReader: () => new ChatReader(),
    writeRequest: null,
    features: new Set(),
    passedOn: openAiHeaders,
  },
  gemini_embeddings: {
    operation: "embeddings",
    openReader: (model) => new GeminiEmbeddingsReader(model),
    writeRequest: writeGeminiEmbeddings,
    features: new Set(),
    passedOn: [],
  },
};
