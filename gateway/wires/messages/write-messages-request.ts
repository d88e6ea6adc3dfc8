import { answerSchemaOf, maxTokensOf, stopsOf, toolChoiceOf, toolsOf } from "../chat/chat-settings.ts";
import type { TurnPart } from "../chat/conversation.ts";
import { conversationOf } from "../chat/conversation.ts";
import { compact } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** Anthropic wants a limit; this one is asked for where the caller sets none. Every model of theirs can write that much. */
const defaultMaxTokens = 4_096;

/** A chat completion request in the members of Anthropic's messages. */
export const writeMessagesRequest = (members: Members, model: string): Members => {
  const { system, turns } = conversationOf(members);
  const schema = answerSchemaOf(members);
  return compact({
    model,
    max_tokens: maxTokensOf(members) ?? defaultMaxTokens,
    system: system.length === 0 ? undefined : system.map((text) => ({ type: "text", text })),
    messages: turns.map(({ role, parts }) => ({ role, content: parts.map(block) })),
    temperature: temperatureOf(members["temperature"]),
    top_p: members["top_p"],
    stop_sequences: stopsOf(members),
    stream: members["stream"] === true ? true : undefined,
    metadata: typeof members["user"] === "string" ? { user_id: members["user"] } : undefined,
    output_config: schema === null ? undefined : { format: { type: "json_schema", schema } },
    ...toolMembers(members),
  });
};

/** OpenAI's temperatures reach to 2, Anthropic's to 1: what is above is as high as it can be. */
const temperatureOf = (value: unknown): number | undefined =>
  typeof value === "number" ? Math.min(value, 1) : undefined;

const block = (part: TurnPart): object => {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return { type: "image", source: { type: "base64", media_type: part.mediaType, data: part.data } };
    case "image_address":
      return { type: "image", source: { type: "url", url: part.url } };
    case "tool_call":
      return { type: "tool_use", id: part.id, name: part.name, input: part.input };
    case "tool_result":
      return { type: "tool_result", tool_use_id: part.id, content: part.text };
  }
};

const toolMembers = (members: Members): Members => {
  const tools = toolsOf(members);
  if (tools.length === 0) {
    return {};
  }
  const isSerial = members["parallel_tool_calls"] === false;
  return {
    tools: tools.map(({ name, description, schema }) => compact({ name, description, input_schema: schema })),
    tool_choice: toolChoice(members, isSerial),
  };
};

const toolChoice = (members: Members, isSerial: boolean): object | undefined => {
  const choice = toolChoiceOf(members) ?? (isSerial ? { kind: "auto" as const } : null);
  if (choice === null) {
    return undefined;
  }
  const serial = isSerial && choice.kind !== "none" ? { disable_parallel_tool_use: true } : {};
  return choice.kind === "named"
    ? { type: "tool", name: choice.name, ...serial }
    : { type: choice.kind === "required" ? "any" : choice.kind, ...serial };
};
