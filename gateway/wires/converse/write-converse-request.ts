import { maxTokensOf, stopsOf, toolChoiceOf, toolsOf } from "../chat/chat-settings.ts";
import type { TurnPart } from "../chat/conversation.ts";
import { conversationOf } from "../chat/conversation.ts";
import { compact } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** A chat completion request in the members of Bedrock's Converse; the model stands in the address. */
export const writeConverseRequest = (members: Members): Members => {
  const { system, turns } = conversationOf(members);
  const settings = compact({
    maxTokens: maxTokensOf(members),
    temperature: members["temperature"],
    topP: members["top_p"],
    stopSequences: stopsOf(members),
  });
  return compact({
    system: system.length === 0 ? undefined : system.map((text) => ({ text })),
    messages: turns.map(({ role, parts }) => ({ role, content: parts.map(block) })),
    inferenceConfig: Object.keys(settings).length === 0 ? undefined : settings,
    toolConfig: toolConfig(members),
  });
};

const block = (part: TurnPart): object => {
  switch (part.kind) {
    case "text":
      return { text: part.text };
    case "image":
      return { image: { format: formatOf(part.mediaType), source: { bytes: part.data } } };
    case "image_address":
      // A target that takes no addresses is not asked; the text keeps the turn from being empty.
      return { text: part.url };
    case "tool_call":
      return { toolUse: { toolUseId: part.id, name: part.name, input: part.input } };
    case "tool_result":
      return { toolResult: { toolUseId: part.id, content: [{ text: part.text }] } };
  }
};

/** `image/png` is `png` to Converse. */
const formatOf = (mediaType: string): string => mediaType.replace(/^image\//, "").replace(/^jpg$/, "jpeg");

/** Converse knows no choice of "none": the tools are then left out. */
const toolConfig = (members: Members): object | undefined => {
  const choice = toolChoiceOf(members);
  const tools = toolsOf(members);
  if (tools.length === 0 || choice?.kind === "none") {
    return undefined;
  }
  const specs = tools.map(({ name, description, schema }) => ({
    toolSpec: compact({ name, description, inputSchema: { json: schema } }),
  }));
  return compact({ tools: specs, toolChoice: choice === null ? undefined : toolChoice(choice) });
};

const toolChoice = (choice: NonNullable<ReturnType<typeof toolChoiceOf>>): object => {
  if (choice.kind === "named") {
    return { tool: { name: choice.name } };
  }
  return choice.kind === "required" ? { any: {} } : { auto: {} };
};
