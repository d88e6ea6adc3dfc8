import fc from "fast-check";

/** Names that mean something in one of the formats, so that wild values stand where something is read. */
const names = [
  ...["model", "messages", "role", "content", "type", "text", "tools", "tool_calls", "function", "name", "arguments"],
  ...["id", "index", "delta", "choices", "finish_reason", "usage", "prompt_tokens", "completion_tokens", "message"],
  ...["error", "code", "input", "output", "response", "item", "output_index", "content_index", "item_id", "status"],
  ...["content_block", "content_block_delta", "partial_json", "thinking", "stop_reason", "input_tokens", "system"],
  ...[
    "candidates",
    "parts",
    "functionCall",
    "args",
    "usageMetadata",
    "promptTokenCount",
    "finishReason",
    "modelVersion",
  ],
  ...["toolUse", "contentBlockIndex", "start", "contentBlockStart", "contentBlockDelta", "messageStop", "metadata"],
  ...["stop", "stream", "stream_options", "max_tokens", "n", "tool_choice", "response_format", "json_schema", "schema"],
  ...["image_url", "url", "source", "data", "media_type", "tool_use_id", "call_id", "reasoning", "temperature", "user"],
  ...["embedding", "embeddings", "values", "encoding_format", "dimensions", "instructions", "incomplete_details"],
  ...["__proto__", "constructor", "toString"],
] as const;

/** Values that mean something somewhere. */
const words = [
  ...["assistant", "user", "system", "developer", "tool", "text", "image_url", "image", "function", "tool_use"],
  ...["tool_result", "thinking", "message_start", "message_delta", "message_stop", "content_block_start", "error"],
  ...["content_block_delta", "content_block_stop", "text_delta", "input_json_delta", "thinking_delta", "ping"],
  ...["response.created", "response.output_text.delta", "response.completed", "response.output_item.added"],
  ...["response.function_call_arguments.delta", "function_call", "function_call_output", "message", "input_text"],
  ...["output_text", "json_schema", "json_object", "auto", "required", "stop", "length", "STOP", "MAX_TOKENS"],
  ...["data:image/png;base64,aGk=", "data:,", "http://169.254.169.254/latest/meta-data", "{", '{"a":1}', "\ud800", ""],
] as const;

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(...words),
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, 2 ** 53),
    fc.string({ maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 5 }),
  ),
}));

/** Any JSON, with names and words of the formats in places where nobody would write them. */
export const wildJson: fc.Arbitrary<unknown> = value.map((wild): unknown => JSON.parse(JSON.stringify(wild)));

/** An object of the same. */
export const wildRecord: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .dictionary(fc.constantFrom(...names), value, { maxKeys: 7 })
  .map((wild): Record<string, unknown> => JSON.parse(JSON.stringify(wild)));
