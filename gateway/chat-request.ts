import { isUtf8 } from "node:buffer";
import { isRecord } from "./is-record.ts";
import type { Refusal } from "./refusal.ts";

/** What the gateway reads of a chat completion request; everything else in the body passes unread. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly isStream: boolean;
  /** Whether the caller asked for token counts on its stream. */
  readonly wantsUsage: boolean;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly user: string | null;
  /** The parsed body. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** A request, or why it is none. */
export type ChatRequestResult =
  | { readonly ok: true; readonly chat: ChatRequest }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads and checks a request body. Hand-written checks and not a schema: this runs once per call, on bodies of any size. */
export const parseChatRequest = (body: Buffer): ChatRequestResult => {
  const members = parseJson(body);
  if (members === undefined) {
    return malformed("The body is not valid JSON.", null);
  }
  if (!isRecord(members)) {
    return malformed("The body must be a JSON object.", null);
  }
  const problem = findProblem(members);
  return problem === null
    ? { ok: true, chat: readMembers(members) }
    : malformed(`'${problem.param}' must be ${problem.expected}.`, problem.param);
};

interface Problem {
  readonly param: string;
  readonly expected: string;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const checks: readonly (Problem & { readonly isRight: (value: unknown) => boolean })[] = [
  { param: "model", expected: "a non-empty string", isRight: (value) => typeof value === "string" && value !== "" },
  {
    param: "messages",
    expected: "a non-empty array of objects",
    isRight: (value) => Array.isArray(value) && value.length > 0,
  },
  { param: "stream", expected: "a boolean", isRight: (value) => isAbsent(value) || typeof value === "boolean" },
  { param: "stream_options", expected: "an object", isRight: (value) => isAbsent(value) || isRecord(value) },
  { param: "max_tokens", expected: "a number", isRight: (value) => isAbsent(value) || typeof value === "number" },
  {
    param: "max_completion_tokens",
    expected: "a number",
    isRight: (value) => isAbsent(value) || typeof value === "number",
  },
  { param: "temperature", expected: "a number", isRight: (value) => isAbsent(value) || typeof value === "number" },
  { param: "tools", expected: "an array", isRight: (value) => isAbsent(value) || Array.isArray(value) },
  { param: "user", expected: "a string", isRight: (value) => isAbsent(value) || typeof value === "string" },
];

const findProblem = (members: Readonly<Record<string, unknown>>): Problem | null => {
  for (const check of checks) {
    if (!check.isRight(members[check.param])) {
      return check;
    }
  }
  const messages: unknown = members["messages"];
  return Array.isArray(messages) ? findMessageProblem(messages) : null;
};

const findMessageProblem = (messages: readonly unknown[]): Problem | null => {
  for (const [index, message] of messages.entries()) {
    if (!isRecord(message)) {
      return { param: `messages[${index}]`, expected: "an object" };
    }
    if (typeof message["role"] !== "string") {
      return { param: `messages[${index}].role`, expected: "a string" };
    }
    const { content } = message;
    if (!isAbsent(content) && typeof content !== "string" && !Array.isArray(content)) {
      return { param: `messages[${index}].content`, expected: "a string or an array" };
    }
  }
  return null;
};

const readMembers = (members: Readonly<Record<string, unknown>>): ChatRequest => {
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
  };
};

const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** The parsed text, or undefined when it is no JSON; bytes that are no UTF-8 are no JSON either. */
const parseJson = (body: Buffer): unknown => {
  if (!isUtf8(body)) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
};

const malformed = (message: string, param: string | null): ChatRequestResult => ({
  ok: false,
  refusal: { code: "request.malformed", message, param },
});
