import { chatChecks, parseChatRequest } from "../chat-request.ts";
import { ChatWriter, writeCompletion } from "../wires/chat/chat-writer.ts";
import { openAiErrorBody, openAiErrorEvent } from "./openai-error.ts";
import type { Surface } from "./surface.ts";

/** OpenAI's chat completions. */
export const chatSurface: Surface = {
  path: "/v1/chat/completions",
  summary: "OpenAI's chat completions.",
  checks: chatChecks,
  operation: "chat",
  wire: "chat",
  parse: parseChatRequest,
  openWriter: (labels) => new ChatWriter(labels),
  writeWhole: writeCompletion,
  errorBody: openAiErrorBody,
  errorEvent: openAiErrorEvent,
};
