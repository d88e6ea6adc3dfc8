import { z } from "zod";

/** An answer as a caller understands it, whatever the surface. */
export interface ReadAnswer {
  readonly text: string;
  readonly tools: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly finish: string;
  readonly input: number;
  readonly output: number;
}

/** How a caller of one surface asks and reads, written against the API's documentation and not with the gateway's code. */
export interface SurfaceReader {
  readonly path: string;
  readonly request: object;
  readonly streaming: object;
  /** The word for an answer that ends in tool calls. */
  readonly toolFinish: string;
  readonly readWhole: (text: string) => ReadAnswer;
  readonly readStream: (text: string) => ReadAnswer;
}

/** The data of each event but `[DONE]`. */
export const dataOf = (text: string): readonly unknown[] =>
  text
    .split("\n\n")
    .map((event) =>
      event
        .split("\n")
        .find((line) => line.startsWith("data: "))
        ?.slice(6),
    )
    .filter((data) => data !== undefined && data !== "[DONE]")
    .map((data): unknown => JSON.parse(data ?? ""));

const tool = {
  name: "weather",
  description: "Tells it.",
  schema: { type: "object", properties: { city: { type: "string" } } },
};

const openAiCall = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
const openAiUsage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const completion = z.object({
  object: z.literal("chat.completion"),
  choices: z.tuple([
    z.object({
      message: z.object({ content: z.string().nullable(), tool_calls: z.array(openAiCall).default([]) }),
      finish_reason: z.string(),
    }),
  ]),
  usage: openAiUsage,
});
const completionChunk = z.object({
  object: z.literal("chat.completion.chunk"),
  choices: z.array(
    z.object({
      delta: z.object({
        content: z.string().nullish(),
        tool_calls: z
          .array(
            z.object({
              index: z.number(),
              id: z.string().optional(),
              function: z.object({ name: z.string().optional(), arguments: z.string().optional() }),
            }),
          )
          .default([]),
      }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: openAiUsage.nullish(),
});

const chat: SurfaceReader = {
  path: "/v1/chat/completions",
  request: {
    model: "up-1",
    messages: [{ role: "user", content: "Say hello." }],
    tools: [
      { type: "function", function: { name: tool.name, description: tool.description, parameters: tool.schema } },
    ],
  },
  streaming: { stream: true, stream_options: { include_usage: true } },
  toolFinish: "tool_calls",
  readWhole: (text) => {
    const { choices, usage } = completion.parse(JSON.parse(text));
    const [{ message, finish_reason }] = choices;
    return {
      text: message.content ?? "",
      tools: message.tool_calls.map((call) => ({
        id: call.id,
        name: call.function.name,
        input: JSON.parse(call.function.arguments),
      })),
      finish: finish_reason,
      input: usage.prompt_tokens,
      output: usage.completion_tokens,
    };
  },
  readStream: (text) => {
    const chunks = dataOf(text).map((data) => completionChunk.parse(data));
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
    const calls = deltas.flatMap(({ tool_calls }) => tool_calls);
    const args = calls.map((call) => call.function.arguments ?? "").join("");
    const usage = chunks.findLast((one) => one.usage !== null && one.usage !== undefined)?.usage;
    return {
      text: deltas.map(({ content }) => content ?? "").join(""),
      tools: calls
        .filter(({ id }) => id !== undefined)
        .map((call) => ({ id: call.id ?? "", name: call.function.name ?? "", input: JSON.parse(args) })),
      finish: chunks.flatMap(({ choices }) => choices).findLast((choice) => choice.finish_reason)?.finish_reason ?? "",
      input: usage?.prompt_tokens ?? -1,
      output: usage?.completion_tokens ?? -1,
    };
  },
};

const messageUsage = z.object({
  input_tokens: z.number(),
  cache_creation_input_tokens: z.number().default(0),
  cache_read_input_tokens: z.number().default(0),
  output_tokens: z.number(),
});
const inputOf = (usage: z.infer<typeof messageUsage>): number =>
  usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
const message = z.object({
  type: z.literal("message"),
  content: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("text"), text: z.string() }),
      z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() }),
    ]),
  ),
  stop_reason: z.string(),
  usage: messageUsage,
});
const block = z.object({
  type: z.literal("content_block_start"),
  content_block: z.looseObject({ type: z.string(), id: z.string().default(""), name: z.string().default("") }),
});
const blockDelta = z.object({
  type: z.literal("content_block_delta"),
  delta: z.looseObject({ text: z.string().default(""), partial_json: z.string().default("") }),
});
const messageDelta = z.object({
  type: z.literal("message_delta"),
  delta: z.object({ stop_reason: z.string() }),
  usage: z.looseObject({ output_tokens: z.number() }),
});
const messageStart = z.object({ type: z.literal("message_start"), message: z.object({ usage: messageUsage }) });

const all = <T>(schema: z.ZodType<T>, events: readonly unknown[]): readonly T[] =>
  events.flatMap((event) => {
    const parsed = schema.safeParse(event);
    return parsed.success ? [parsed.data] : [];
  });

const messages: SurfaceReader = {
  path: "/v1/messages",
  request: {
    model: "up-1",
    max_tokens: 100,
    messages: [{ role: "user", content: "Say hello." }],
    tools: [{ name: tool.name, description: tool.description, input_schema: tool.schema }],
  },
  streaming: { stream: true },
  toolFinish: "tool_use",
  readWhole: (text) => {
    const { content, stop_reason, usage } = message.parse(JSON.parse(text));
    return {
      text: content.map((one) => (one.type === "text" ? one.text : "")).join(""),
      tools: content.flatMap((one) =>
        one.type === "tool_use" ? [{ id: one.id, name: one.name, input: one.input }] : [],
      ),
      finish: stop_reason,
      input: inputOf(usage),
      output: usage.output_tokens,
    };
  },
  readStream: (text) => {
    const events = dataOf(text);
    const deltas = all(blockDelta, events).map(({ delta }) => delta);
    const [last] = all(messageDelta, events);
    const [first] = all(messageStart, events);
    const counts = messageUsage.parse({ ...first?.message.usage, ...last?.usage });
    return {
      text: deltas.map((delta) => delta.text).join(""),
      tools: all(block, events)
        .filter(({ content_block }) => content_block.type === "tool_use")
        .map(({ content_block: { id, name } }) => ({
          id,
          name,
          input: JSON.parse(deltas.map(({ partial_json }) => partial_json).join("")),
        })),
      finish: last?.delta.stop_reason ?? "",
      input: inputOf(counts),
      output: counts.output_tokens,
    };
  },
};

const response = z.object({
  object: z.literal("response"),
  status: z.string(),
  output: z.array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("message"), content: z.array(z.object({ text: z.string() })) }),
      z.object({ type: z.literal("function_call"), call_id: z.string(), name: z.string(), arguments: z.string() }),
    ]),
  ),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }),
});
const readResponse = (value: unknown): ReadAnswer => {
  const { status, output, usage } = response.parse(value);
  return {
    text: output.flatMap((item) => (item.type === "message" ? item.content.map((part) => part.text) : [])).join(""),
    tools: output.flatMap((item) =>
      item.type === "function_call" ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }] : [],
    ),
    finish: status,
    input: usage.input_tokens,
    output: usage.output_tokens,
  };
};
const ending = z.object({ type: z.enum(["response.completed", "response.incomplete"]), response: z.unknown() });

const responses: SurfaceReader = {
  path: "/v1/responses",
  request: {
    model: "up-1",
    input: "Say hello.",
    tools: [
      { type: "function", name: tool.name, description: tool.description, parameters: tool.schema, strict: false },
    ],
  },
  streaming: { stream: true },
  toolFinish: "completed",
  readWhole: (text) => readResponse(JSON.parse(text)),
  readStream: (text) => readResponse(all(ending, dataOf(text))[0]?.response),
};

/** Every surface that answers with text. */
export const surfaceReaders: readonly SurfaceReader[] = [chat, messages, responses];
