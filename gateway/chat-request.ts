import { isRecord } from "./is-record.ts";
import type { Refusal } from "./refusal.ts";
import type { MemberCheck } from "./request-members.ts";
import { findMessageProblem, isAbsent, parseMembers, problemOf } from "./request-members.ts";

/** What the gateway reads of a request, whatever its surface; everything else in the body passes unread. */
export interface ChatRequest {
  readonly model: string;
  /** In the shape of OpenAI's chat completions. */
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly isStream: boolean;
  /** Whether the caller asked for token counts on its stream. */
  readonly wantsUsage: boolean;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly user: string | null;
  /** The parsed body. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The request in OpenAI's members, of chat completions or embeddings: the form that other formats are written from. */
  readonly asChat: Readonly<Record<string, unknown>>;
}

/** A request, or why it is none. */
export type ChatRequestResult =
  | { readonly ok: true; readonly chat: ChatRequest }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads and checks the body of a chat completion request. */
export const parseChatRequest = (body: Buffer): ChatRequestResult => {
  const parsed = parseMembers(body);
  if (!parsed.ok) {
    return parsed;
  }
  const { members } = parsed;
  const problem = problemOf(members, chatChecks) ?? findMessageProblem(members["messages"]);
  return problem ?? { ok: true, chat: readChatMembers(members) };
};

const isNumberOrAbsent = (value: unknown): boolean => isAbsent(value) || typeof value === "number";

/** What the members of a chat completion request must be. */
export const chatChecks: readonly MemberCheck[] = [
  { param: "model", expected: "a non-empty string", isRight: (value) => typeof value === "string" && value !== "" },
  {
    param: "messages",
    expected: "a non-empty array of objects",
    isRight: (value) => Array.isArray(value) && value.length > 0,
  },
  { param: "stream", expected: "a boolean", isRight: (value) => isAbsent(value) || typeof value === "boolean" },
  { param: "stream_options", expected: "an object", isRight: (value) => isAbsent(value) || isRecord(value) },
  { param: "max_tokens", expected: "a number", isRight: isNumberOrAbsent },
  { param: "max_completion_tokens", expected: "a number", isRight: isNumberOrAbsent },
  { param: "temperature", expected: "a number", isRight: isNumberOrAbsent },
  { param: "tools", expected: "an array", isRight: (value) => isAbsent(value) || Array.isArray(value) },
  { param: "user", expected: "a string", isRight: (value) => isAbsent(value) || typeof value === "string" },
];

/** What the gateway reads of the members of a chat completion request. */
export const readChatMembers = (members: Readonly<Record<string, unknown>>): ChatRequest => {
  const { model, messages, stream, user, temperature } = members;
  const streamOptions = members["stream_options"];
  return {
    model: typeof model === "string" ? model : "",
    messages: Array.isArray(messages) ? messages.filter(isRecord) : [],
    isStream: stream === true,
    wantsUsage: isRecord(streamOptions) && streamOptions["include_usage"] === true,
    maxTokens: numberOf(members["max_completion_tokens"]) ?? numberOf(members["max_tokens"]),
    temperature: numberOf(temperature),
    user: typeof user === "string" ? user : null,
    members,
    asChat: members,
  };
};

const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);
