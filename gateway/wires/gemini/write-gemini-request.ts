import { answerSchemaOf, maxTokensOf, stopsOf, toolChoiceOf, toolsOf } from "../chat/chat-settings.ts";
import type { TurnPart } from "../chat/conversation.ts";
import { conversationOf } from "../chat/conversation.ts";
import { compact, recordOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** A chat completion request in the members of Gemini's generateContent; the model stands in the address. */
export const writeGeminiRequest = (members: Members): Members => {
  const { system, turns } = conversationOf(members);
  const tools = toolsOf(members);
  return compact({
    systemInstruction: system.length === 0 ? undefined : { parts: system.map((text) => ({ text })) },
    contents: turns.map(({ role, parts }) => ({
      role: role === "assistant" ? "model" : "user",
      parts: parts.map(part),
    })),
    tools: tools.length === 0 ? undefined : [{ functionDeclarations: tools.map(declaration) }],
    toolConfig: tools.length === 0 ? undefined : toolConfig(members),
    generationConfig: generationConfig(members),
  });
};

const part = (turnPart: TurnPart): object => {
  switch (turnPart.kind) {
    case "text":
      return { text: turnPart.text };
    case "image":
      return { inlineData: { mimeType: turnPart.mediaType, data: turnPart.data } };
    case "image_address":
      return { fileData: { fileUri: turnPart.url } };
    case "tool_call":
      return { functionCall: { name: turnPart.name, args: turnPart.input } };
    case "tool_result":
      return { functionResponse: { name: turnPart.name, response: { result: turnPart.text } } };
  }
};

const declaration = ({ name, description, schema }: ReturnType<typeof toolsOf>[number]): object =>
  compact({ name, description, parametersJsonSchema: schema });

const toolConfig = (members: Members): object | undefined => {
  const choice = toolChoiceOf(members);
  if (choice === null) {
    return undefined;
  }
  const config =
    choice.kind === "named"
      ? { mode: "ANY", allowedFunctionNames: [choice.name] }
      : { mode: { auto: "AUTO", required: "ANY", none: "NONE" }[choice.kind] };
  return { functionCallingConfig: config };
};

const generationConfig = (members: Members): object | undefined => {
  const schema = answerSchemaOf(members);
  const isJson = schema !== null || recordOf(members["response_format"])["type"] === "json_object";
  const config = compact({
    maxOutputTokens: maxTokensOf(members),
    temperature: members["temperature"],
    topP: members["top_p"],
    stopSequences: stopsOf(members),
    seed: members["seed"],
    presencePenalty: members["presence_penalty"],
    frequencyPenalty: members["frequency_penalty"],
    responseMimeType: isJson ? "application/json" : undefined,
    responseJsonSchema: schema,
  });
  return Object.keys(config).length === 0 ? undefined : config;
};
