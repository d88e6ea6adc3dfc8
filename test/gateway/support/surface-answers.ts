import { z } from "zod";
import { messages } from "./messages-answers.ts";
import type { ReadAnswer, SurfaceReader } from "./read-answer.ts";
import { dataOf, tool } from "./read-answer.ts";

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
  readStream: (text) =>
    readResponse(
      dataOf(text)
        .map((event) => ending.safeParse(event).data)
        .find((event) => event !== undefined)?.response,
    ),
};

/** Every surface that answers with text. */
export const surfaceReaders: readonly SurfaceReader[] = [chat, messages, responses];
