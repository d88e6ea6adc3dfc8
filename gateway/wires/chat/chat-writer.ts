import type { Usage } from "../../../core/usage.ts";
import type { AnswerEvent, AnswerLabels, AnswerWriter } from "../answer-event.ts";
import type { WholeAnswer, WholeToolCall } from "../whole-answer.ts";
import { chatUsage } from "./chat-usage.ts";

/** Writes a streamed answer as chunks of an OpenAI chat completion. */
export class ChatWriter implements AnswerWriter {
  readonly #labels: AnswerLabels;
  #id: string;
  #model: string;
  #usage: Usage | null = null;
  #hasRole = false;

  constructor(labels: AnswerLabels) {
    this.#labels = labels;
    this.#id = `chatcmpl-${labels.callId}`;
    this.#model = labels.model;
  }

  write(event: AnswerEvent): string {
    switch (event.kind) {
      case "start":
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        return this.#role();
      case "text":
        return this.#role() + this.#delta({ content: event.text });
      case "reasoning":
        return this.#role() + this.#delta({ reasoning_content: event.text });
      case "tool_call":
        return this.#role() + this.#toolDelta(event.index, toolCall({ ...event, arguments: "" }));
      case "tool_arguments":
        return this.#toolDelta(event.index, { function: { arguments: event.text } });
      case "finish":
        return this.#role() + this.#delta({}, event.reason);
      case "usage":
        this.#usage = event.usage;
        return "";
      case "vectors":
        return "";
      case "error":
        return sse({ error: { message: event.message, type: event.errorType, param: null, code: event.errorType } });
    }
  }

  end(): string {
    const { wantsUsage } = this.#labels;
    const counts =
      wantsUsage && this.#usage !== null ? sse({ ...this.#base(), choices: [], usage: chatUsage(this.#usage) }) : "";
    return `${counts}data: [DONE]\n\n`;
  }

  #role(): string {
    if (this.#hasRole) {
      return "";
    }
    this.#hasRole = true;
    return this.#delta({ role: "assistant", content: "" });
  }

  #toolDelta(index: number, change: object): string {
    return this.#delta({ tool_calls: [{ index, ...change }] });
  }

  #delta(delta: object, finish: string | null = null): string {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    return sse({ ...this.#base(), choices, ...(this.#labels.wantsUsage ? { usage: null } : {}) });
  }

  #base(): object {
    const { createdS } = this.#labels;
    return { id: this.#id, object: "chat.completion.chunk", created: createdS, model: this.#model };
  }
}

/** A whole answer as an OpenAI chat completion. */
export const writeCompletion = (answer: WholeAnswer, labels: AnswerLabels): unknown => {
  const calls = answer.toolCalls.map(toolCall);
  const message = {
    role: "assistant",
    content: answer.text === "" && calls.length > 0 ? null : answer.text,
    refusal: null,
    ...(answer.reasoning === "" ? {} : { reasoning_content: answer.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    id: answer.id ?? `chatcmpl-${labels.callId}`,
    object: "chat.completion",
    created: labels.createdS,
    model: answer.model ?? labels.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finish ?? "stop" }],
    ...(answer.usage.source === "none" ? {} : { usage: chatUsage(answer.usage) }),
  };
};

const toolCall = ({ id, name, arguments: text }: WholeToolCall): object => ({
  id,
  type: "function",
  function: { name, arguments: text },
});

const sse = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
