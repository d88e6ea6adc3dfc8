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
  const messages: OpenMessage[] = [];
  for (const item of recordsOf(input)) addItem(messages, item);
  return messages;
};

/** A message that is being put together. Lists grow in place: copies of a hundred thousand items would take minutes. */
interface OpenMessage {
  readonly role: unknown;
  readonly content: unknown;
  readonly tool_call_id?: unknown;
  tool_calls?: object[];
}

const addItem = (messages: OpenMessage[], item: Members): void => {
  switch (item["type"] ?? "message") {
    case "message":
      messages.push({ role: item["role"], content: messageContent(item["content"]) });
      break;
    case "function_call":
      addCall(messages, item);
      break;
    case "function_call_output": {
      const { output } = item;
      const content = typeof output === "string" ? output : messageContent(output);
      messages.push({ role: "tool", tool_call_id: item["call_id"], content });
      break;
    }
    case "reasoning":
      break;
    default:
      messages.push({ role: "user", content: [{ type: item["type"] }] });
  }
};

/** Calls that follow each other, or a text of the assistant, are one message in chat completions. */
const addCall = (messages: OpenMessage[], item: Members): void => {
  const call = {
    id: item["call_id"],
    type: "function",
    function: { name: item["name"], arguments: textOf(item["arguments"]) },
  };
  const last = messages.at(-1);
  if (last?.role === "assistant") {
    last.tool_calls ??= [];
    last.tool_calls.push(call);
  } else {
    messages.push({ role: "assistant", content: null, tool_calls: [call] });
  }
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
