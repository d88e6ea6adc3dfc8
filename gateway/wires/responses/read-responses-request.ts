import { compact, recordOf, recordsOf, textOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * A request of OpenAI's responses in the members of a chat completion. Reasoning of earlier turns is left out: chat
 * completions have no place for it.
 */
export const readResponsesRequest = (members: Members): Members => {
  const tools = recordsOf(members["tools"]);
  return compact({
    model: members["model"],
    messages: [...instructions(members["instructions"]), ...inputMessages(members["input"])],
    max_completion_tokens: members["max_output_tokens"],
    temperature: members["temperature"],
    top_p: members["top_p"],
    stream: members["stream"],
    user: members["safety_identifier"] ?? members["user"],
    reasoning_effort: recordOf(members["reasoning"])["effort"],
    response_format: responseFormat(recordOf(recordOf(members["text"])["format"])),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(chatTool),
          tool_choice: toolChoice(members["tool_choice"]),
          parallel_tool_calls: members["parallel_tool_calls"],
        }),
  });
};

const instructions = (value: unknown): readonly object[] =>
  textOf(value) === "" ? [] : [{ role: "system", content: value }];

const inputMessages = (input: unknown): readonly object[] => {
  if (typeof input === "string") {
    return [{ role: "user", content: input }];
  }
  return recordsOf(input).reduce<readonly Members[]>((messages, item) => addItem(messages, item), []);
};

const addItem = (messages: readonly Members[], item: Members): readonly Members[] => {
  switch (item["type"] ?? "message") {
    case "message":
      return [...messages, { role: item["role"], content: messageContent(item["content"]) }];
    case "function_call":
      return addCall(messages, item);
    case "function_call_output": {
      const { output } = item;
      const content = typeof output === "string" ? output : messageContent(output);
      return [...messages, { role: "tool", tool_call_id: item["call_id"], content }];
    }
    case "reasoning":
      return messages;
    default:
      return [...messages, { role: "user", content: [{ type: item["type"] }] }];
  }
};

/** Calls that follow each other, or a text of the assistant, are one message in chat completions. */
const addCall = (messages: readonly Members[], item: Members): readonly Members[] => {
  const call = {
    id: item["call_id"],
    type: "function",
    function: { name: item["name"], arguments: textOf(item["arguments"]) },
  };
  const last = messages.at(-1);
  return last?.["role"] === "assistant"
    ? [...messages.slice(0, -1), { ...last, tool_calls: [...recordsOf(last["tool_calls"]), call] }]
    : [...messages, { role: "assistant", content: null, tool_calls: [call] }];
};

const messageContent = (content: unknown): unknown => {
  if (!Array.isArray(content)) {
    return textOf(content);
  }
  const parts = recordsOf(content);
  return parts.every(isText) ? parts.map(textOfPart).join("") : parts.map(contentPart);
};

const isText = (part: Members): boolean =>
  part["type"] === "input_text" || part["type"] === "output_text" || part["type"] === "refusal";

const textOfPart = (part: Members): string => textOf(part["text"]) || textOf(part["refusal"]);

const contentPart = (part: Members): object => {
  if (isText(part)) {
    return { type: "text", text: textOfPart(part) };
  }
  return part["type"] === "input_image" && typeof part["image_url"] === "string"
    ? { type: "image_url", image_url: compact({ url: part["image_url"], detail: part["detail"] }) }
    : { type: part["type"] };
};

/** A tool of OpenAI's own keeps its type: a target that does not have it is not asked. */
const chatTool = (tool: Members): object =>
  tool["type"] === "function"
    ? {
        type: "function",
        function: compact({
          name: tool["name"],
          description: tool["description"],
          parameters: tool["parameters"],
          strict: tool["strict"],
        }),
      }
    : { type: tool["type"] };

const toolChoice = (choice: unknown): unknown => {
  const { type, name } = recordOf(choice);
  return type === "function" ? { type, function: { name } } : choice;
};

const responseFormat = (format: Members): object | undefined => {
  switch (format["type"]) {
    case "json_object":
      return { type: "json_object" };
    case "json_schema":
      return {
        type: "json_schema",
        json_schema: compact({ name: format["name"], schema: format["schema"], strict: format["strict"] }),
      };
    default:
      return undefined;
  }
};
