import type { ChatRequestResult } from "../chat-request.ts";
import { readChatMembers } from "../chat-request.ts";
import type { MemberCheck } from "../request-members.ts";
import { parseMembers, problemOf } from "../request-members.ts";
import { ChatWriter } from "../wires/chat/chat-writer.ts";
import { embeddingInputs } from "../wires/embeddings/embedding-inputs.ts";
import { writeEmbeddings } from "../wires/embeddings/write-embeddings.ts";
import { openAiErrorBody, openAiErrorEvent } from "./openai-error.ts";
import type { Surface } from "./surface.ts";

const checks: readonly MemberCheck[] = [
  { param: "model", expected: "a non-empty string", isRight: (value) => typeof value === "string" && value !== "" },
  {
    param: "input",
    expected: "a string or a non-empty array",
    isRight: (value) => typeof value === "string" || (Array.isArray(value) && value.length > 0),
  },
];

/** The inputs are recorded as what a user says; tokens in their place are not text, and are not recorded. */
const parse = (body: Buffer): ChatRequestResult => {
  const parsed = parseMembers(body);
  if (!parsed.ok) {
    return parsed;
  }
  const { members } = parsed;
  const problem = problemOf(members, checks);
  if (problem !== null) {
    return problem;
  }
  const messages = (embeddingInputs(members["input"]) ?? []).map((content) => ({ role: "user", content }));
  const chat = readChatMembers({ ...members, messages });
  return { ok: true, chat: { ...chat, isStream: false, members, asChat: members } };
};

/** OpenAI's embeddings. */
export const embeddingsSurface: Surface = {
  path: "/v1/embeddings",
  summary: "OpenAI's embeddings.",
  checks,
  operation: "embeddings",
  wire: "embeddings",
  parse,
  // Embeddings are never streamed; a provider that streams them all the same is read as one of chat completions.
  openWriter: (labels) => new ChatWriter(labels),
  writeWhole: writeEmbeddings,
  errorBody: openAiErrorBody,
  errorEvent: openAiErrorEvent,
};
