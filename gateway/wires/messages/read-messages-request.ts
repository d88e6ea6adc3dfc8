import { compact, recordOf, recordsOf, textOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * A request of Anthropic's messages in the members of an OpenAI chat completion. What has no place there, such as marks of
 * what to cache, a budget of thinking and `top_k`, is left out.
 */
export const readMessagesRequest = (members: Members): Members =>
  compact({
    model: members["model"],
    messages: [...systemMessages(members["system"]), ...recordsOf(members["messages"]).flatMap(chatMessages)],
    max_tokens: members["max_tokens"],
    temperature: members["temperature"],
    top_p: members["top_p"],
    stop: members["stop_sequences"],
    stream: members["stream"],
    user: recordOf(members["metadata"])["user_id"],
    ...toolMembers(members),
    response_format: responseFormat(recordOf(members["output_config"])["format"]),
  });

const systemMessages = (system: unknown): readonly object[] => {
  const content =
    typeof system === "string"
      ? system
      : recordsOf(system)
          .map(({ text }) => textOf(text))
          .join("\n");
  return content === "" ? [] : [{ role: "system", content }];
};

/** One message is several in OpenAI's format where it carries results of tools: each of them is a message there. */
const chatMessages = (message: Members): readonly object[] => {
  const { role, content } = message;
  if (!Array.isArray(content)) {
    return [{ role, content }];
  }
  const blocks = recordsOf(content);
  return role === "assistant" ? [assistantMessage(blocks)] : userMessages(blocks, role);
};

const assistantMessage = (blocks: readonly Members[]): object => {
  const text = blocks.map((block) => textOf(block["text"])).join("");
  const calls = blocks
    .filter(({ type }) => type === "tool_use")
    .map(({ id, name, input }) => ({
      id,
      type: "function",
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
  return calls.length === 0
    ? { role: "assistant", content: text }
    : { role: "assistant", content: text === "" ? null : text, tool_calls: calls };
};

const userMessages = (blocks: readonly Members[], role: unknown): readonly object[] => {
  const results = blocks
    .filter(({ type }) => type === "tool_result")
    .map((block) => ({ role: "tool", tool_call_id: block["tool_use_id"], content: resultContent(block["content"]) }));
  const content = blocks.filter(({ type }) => type !== "tool_result").map(contentPart);
  return content.length === 0 ? results : [...results, { role, content }];
};

const resultContent = (content: unknown): unknown =>
  Array.isArray(content) ? recordsOf(content).map(contentPart) : textOf(content);

/** Kinds without a counterpart, such as documents, keep their own type: a target that cannot take them is not asked. */
const contentPart = (block: Members): object => {
  if (block["type"] === "text") {
    return { type: "text", text: block["text"] };
  }
  const source = recordOf(block["source"]);
  if (block["type"] !== "image" || source["type"] === "file") {
    return { type: block["type"] };
  }
  const url =
    source["type"] === "base64"
      ? `data:${textOf(source["media_type"])};base64,${textOf(source["data"])}`
      : textOf(source["url"]);
  return { type: "image_url", image_url: { url } };
};

const toolMembers = (members: Members): object => {
  const tools = recordsOf(members["tools"]);
  if (tools.length === 0) {
    return {};
  }
  const choice = recordOf(members["tool_choice"]);
  const isSerial = choice["disable_parallel_tool_use"] === true;
  return {
    tools: tools.map(chatTool),
    tool_choice: toolChoice(choice),
    ...(isSerial ? { parallel_tool_calls: false } : {}),
  };
};

/** A tool of Anthropic's own has no schema, and keeps its type. */
const chatTool = (tool: Members): object =>
  tool["input_schema"] === undefined
    ? { type: tool["type"], name: tool["name"] }
    : {
        type: "function",
        function: compact({ name: tool["name"], description: tool["description"], parameters: tool["input_schema"] }),
      };

const toolChoice = (choice: Members): unknown => {
  switch (choice["type"]) {
    case "any":
      return "required";
    case "tool":
      return { type: "function", function: { name: choice["name"] } };
    case "none":
    case "auto":
      return choice["type"];
    default:
      return undefined;
  }
};

const responseFormat = (format: unknown): object | undefined => {
  const { type, schema } = recordOf(format);
  return type === "json_schema" ? { type, json_schema: { name: "answer", schema, strict: true } } : undefined;
};
