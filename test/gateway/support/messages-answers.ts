import { z } from "zod";
import type { SurfaceReader } from "./read-answer.ts";
import { dataOf, tool } from "./read-answer.ts";

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

/** How a caller of Anthropic's messages asks and reads. */
export const messages: SurfaceReader = {
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
