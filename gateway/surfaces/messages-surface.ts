import type { ChatRequestResult } from "../chat-request.ts";
import { readChatMembers } from "../chat-request.ts";
import { isRecord } from "../is-record.ts";
import type { MemberCheck } from "../request-members.ts";
import { findMessageProblem, isAbsent, parseMembers, problemOf } from "../request-members.ts";
import { MessagesWriter, writeMessage } from "../wires/messages/messages-writer.ts";
import { readMessagesRequest } from "../wires/messages/read-messages-request.ts";
import type { CallerError, Surface } from "./surface.ts";

const checks: readonly MemberCheck[] = [
  { param: "model", expected: "a non-empty string", isRight: (value) => typeof value === "string" && value !== "" },
  {
    param: "messages",
    expected: "a non-empty array of objects",
    isRight: (value) => Array.isArray(value) && value.length > 0,
  },
  { param: "max_tokens", expected: "a number", isRight: (value) => typeof value === "number" },
  { param: "stream", expected: "a boolean", isRight: (value) => isAbsent(value) || typeof value === "boolean" },
  {
    param: "system",
    expected: "a string or an array",
    isRight: (value) => isAbsent(value) || typeof value === "string" || Array.isArray(value),
  },
  { param: "tools", expected: "an array", isRight: (value) => isAbsent(value) || Array.isArray(value) },
  { param: "metadata", expected: "an object", isRight: (value) => isAbsent(value) || isRecord(value) },
];

const parse = (body: Buffer): ChatRequestResult => {
  const parsed = parseMembers(body);
  if (!parsed.ok) {
    return parsed;
  }
  const { members } = parsed;
  const problem = problemOf(members, checks) ?? findMessageProblem(members["messages"]);
  return problem ?? { ok: true, chat: { ...readChatMembers(readMessagesRequest(members)), members } };
};

/** Anthropic's words for errors by HTTP status. */
const errorTypes: ReadonlyMap<number, string> = new Map([
  [401, "authentication_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [503, "overloaded_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);

const errorTypeOf = (status: number): string =>
  errorTypes.get(status) ?? (status < 500 ? "invalid_request_error" : "api_error");

/** `code` is ours: Anthropic's errors have none, and its clients pass over it. */
const errorBody = ({ status, message, code }: CallerError): string =>
  JSON.stringify({ type: "error", error: { type: errorTypeOf(status), message, code } });

/** Anthropic's messages. */
export const messagesSurface: Surface = {
  path: "/v1/messages",
  summary: "Anthropic's messages.",
  checks,
  operation: "chat",
  wire: "messages",
  parse,
  openWriter: (labels) => new MessagesWriter(labels),
  writeWhole: writeMessage,
  errorBody,
  errorEvent: (error) => `event: error\ndata: ${errorBody(error)}\n\n`,
};
