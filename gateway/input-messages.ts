import { isRecord } from "./is-record.ts";
import type { Message, MessagePart } from "./message.ts";

/** The messages of a chat completion request in the shape of `gen_ai.input.messages`. */
export const inputMessages = (messages: readonly Readonly<Record<string, unknown>>[]): readonly Message[] =>
  messages.map((message) => ({ role: textOf(message["role"]), parts: partsOf(message) }));

/** All text that the model reads as input, one part a line: what a token estimate is made of. */
export const inputText = (messages: readonly Readonly<Record<string, unknown>>[]): string =>
  messages.flatMap((message) => partsOf(message).map(readableText)).join("\n");

/** The text of the system and developer messages; null when there is none. */
export const systemText = (messages: readonly Readonly<Record<string, unknown>>[]): string | null => {
  const texts = messages
    .filter(({ role }) => role === "system" || role === "developer")
    .flatMap((message) => partsOf(message).map(readableText));
  return texts.length === 0 ? null : texts.join("\n");
};

const partsOf = (message: Readonly<Record<string, unknown>>): readonly MessagePart[] => {
  const { role, content } = message;
  if (role === "tool") {
    const result = contentParts(content).map(readableText).join("\n");
    return [{ type: "tool_call_response", id: textOf(message["tool_call_id"]), result }];
  }
  return [...contentParts(content), ...toolCallParts(message["tool_calls"])];
};

const contentParts = (content: unknown): readonly MessagePart[] => {
  if (typeof content === "string") {
    return [{ type: "text", content }];
  }
  return Array.isArray(content) ? content.filter(isRecord).map(contentPart) : [];
};

const contentPart = (part: Readonly<Record<string, unknown>>): MessagePart => {
  const { type, text, refusal } = part;
  if (typeof text === "string" || typeof refusal === "string") {
    return { type: "text", content: textOf(text) || textOf(refusal) };
  }
  return { type: "omitted", kind: textOf(type) };
};

const toolCallParts = (calls: unknown): readonly MessagePart[] =>
  Array.isArray(calls) ? calls.filter(isRecord).map(toolCallPart) : [];

const toolCallPart = (call: Readonly<Record<string, unknown>>): MessagePart => {
  const details = isRecord(call["function"]) ? call["function"] : {};
  return {
    type: "tool_call",
    id: textOf(call["id"]),
    name: textOf(details["name"]),
    arguments: textOf(details["arguments"]),
  };
};

const readableText = (part: MessagePart): string => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.content;
    case "tool_call":
      return `${part.name} ${part.arguments}`;
    case "tool_call_response":
      return part.result;
    case "omitted":
      return "";
  }
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
