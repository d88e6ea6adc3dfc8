import type { ChatRequestResult } from "../chat-request.ts";
import { readChatMembers } from "../chat-request.ts";
import { isRecord } from "../is-record.ts";
import type { MemberCheck } from "../request-members.ts";
import { isAbsent, parseMembers, problemOf } from "../request-members.ts";
import { readResponsesRequest } from "../wires/responses/read-responses-request.ts";
import { writeResponse } from "../wires/responses/response-object.ts";
import { ResponsesWriter } from "../wires/responses/responses-writer.ts";
import { openAiErrorBody } from "./openai-error.ts";
import type { Surface } from "./surface.ts";

const isText = (value: unknown): boolean => typeof value === "string";

const checks: readonly MemberCheck[] = [
  { param: "model", expected: "a non-empty string", isRight: (value) => isText(value) && value !== "" },
  {
    param: "input",
    expected: "a string or an array of objects",
    isRight: (value) => isAbsent(value) || isText(value) || (Array.isArray(value) && value.every(isRecord)),
  },
  { param: "instructions", expected: "a string", isRight: (value) => isAbsent(value) || isText(value) },
  { param: "stream", expected: "a boolean", isRight: (value) => isAbsent(value) || typeof value === "boolean" },
  {
    param: "max_output_tokens",
    expected: "a number",
    isRight: (value) => isAbsent(value) || typeof value === "number",
  },
  { param: "tools", expected: "an array", isRight: (value) => isAbsent(value) || Array.isArray(value) },
  { param: "text", expected: "an object", isRight: (value) => isAbsent(value) || isRecord(value) },
];

const parse = (body: Buffer): ChatRequestResult => {
  const parsed = parseMembers(body);
  if (!parsed.ok) {
    return parsed;
  }
  const { members } = parsed;
  const problem = problemOf(members, checks);
  return problem ?? { ok: true, chat: { ...readChatMembers(readResponsesRequest(members)), members } };
};

/** OpenAI's responses. */
export const responsesSurface: Surface = {
  path: "/v1/responses",
  summary: "OpenAI's responses.",
  checks,
  operation: "chat",
  wire: "responses",
  parse,
  openWriter: (labels) => new ResponsesWriter(labels),
  writeWhole: writeResponse,
  errorBody: openAiErrorBody,
  errorEvent: ({ code, message, param }) =>
    `event: error\ndata: ${JSON.stringify({ type: "error", code, message, param })}\n\n`,
};
