import type { Usage } from "../../../core/usage.ts";
import { noUsage } from "../../../core/usage.ts";
import type { AnswerEvent, AnswerLabels, AnswerWriter, FinishReason } from "../answer-event.ts";
import { parseObject } from "../json-values.ts";
import type { WholeAnswer } from "../whole-answer.ts";

const stopReasons: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

/** Writes a streamed answer as events of Anthropic's messages. */
export class MessagesWriter implements AnswerWriter {
  readonly #blockOfTool = new Map<number, number>();
  #blocks = 0;
  #open: "text" | "reasoning" | "tool" | null = null;
  #hasStarted = false;
  #finish: FinishReason = "stop";
  #usage: Usage = noUsage;
  #id: string;
  #model: string;

  constructor(labels: AnswerLabels) {
    this.#id = messageId(labels);
    this.#model = labels.model;
  }

  write(event: AnswerEvent): string {
    switch (event.kind) {
      case "start":
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        return this.#begin();
      case "text":
        return this.#openAs("text") + this.#delta({ type: "text_delta", text: event.text });
      case "reasoning":
        return this.#openAs("reasoning") + this.#delta({ type: "thinking_delta", thinking: event.text });
      case "tool_call":
        return this.#openTool(event);
      case "tool_arguments": {
        const index = this.#blockOfTool.get(event.index);
        return index === undefined ? "" : this.#delta({ type: "input_json_delta", partial_json: event.text }, index);
      }
      case "finish":
        this.#finish = event.reason;
        return this.#begin();
      case "usage":
        this.#usage = event.usage;
        return "";
      case "vectors":
        return "";
      case "error":
        return sse("error", { type: "error", error: { type: "api_error", message: event.message } });
    }
  }

  end(): string {
    const delta = { stop_reason: stopReasons[this.#finish], stop_sequence: null };
    const last = { type: "message_delta", delta, usage: messagesUsageOf(this.#usage) };
    return this.#begin() + this.#close() + sse("message_delta", last) + sse("message_stop", { type: "message_stop" });
  }

  #begin(): string {
    if (this.#hasStarted) {
      return "";
    }
    this.#hasStarted = true;
    const message = {
      ...base(this.#id, this.#model),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: messagesUsageOf(this.#usage),
    };
    return sse("message_start", { type: "message_start", message });
  }

  #openAs(kind: "text" | "reasoning"): string {
    if (this.#open === kind) {
      return "";
    }
    const block = kind === "text" ? { type: "text", text: "" } : { type: "thinking", thinking: "", signature: "" };
    return this.#openBlock(kind, block);
  }

  #openTool({ index, id, name }: { readonly index: number; readonly id: string; readonly name: string }): string {
    const opened = this.#openBlock("tool", { type: "tool_use", id, name, input: {} });
    this.#blockOfTool.set(index, this.#blocks - 1);
    return opened;
  }

  #openBlock(kind: "text" | "reasoning" | "tool", block: object): string {
    const before = this.#begin() + this.#close();
    const index = this.#blocks;
    this.#open = kind;
    this.#blocks += 1;
    return before + sse("content_block_start", { type: "content_block_start", index, content_block: block });
  }

  #close(): string {
    if (this.#open === null) {
      return "";
    }
    this.#open = null;
    return sse("content_block_stop", { type: "content_block_stop", index: this.#blocks - 1 });
  }

  #delta(delta: object, index: number = this.#blocks - 1): string {
    return sse("content_block_delta", { type: "content_block_delta", index, delta });
  }
}

/** A whole answer as a message of Anthropic's. */
export const writeMessage = (answer: WholeAnswer, labels: AnswerLabels): unknown => ({
  ...base(answer.id ?? messageId(labels), answer.model ?? labels.model),
  content: [
    ...(answer.reasoning === "" ? [] : [{ type: "thinking", thinking: answer.reasoning, signature: "" }]),
    ...(answer.text === "" ? [] : [{ type: "text", text: answer.text }]),
    ...answer.toolCalls.map(({ id, name, arguments: text }) => ({
      type: "tool_use",
      id,
      name,
      input: parseObject(text),
    })),
  ],
  stop_reason: stopReasons[answer.finish ?? "stop"],
  stop_sequence: null,
  usage: messagesUsageOf(answer.usage),
});

const messageId = ({ callId }: AnswerLabels): string => `msg_${callId}`;

const base = (id: string, model: string): object => ({ id, type: "message", role: "assistant", model });

/** Counts as Anthropic sends them: its input leaves out the cached parts. Its counts are always there, so unknown is 0. */
const messagesUsageOf = (usage: Usage): object => {
  const read = usage.cacheReadTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  return {
    input_tokens: Math.max(0, (usage.inputTokens ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: usage.outputTokens ?? 0,
  };
};

const sse = (name: string, value: object): string => `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
