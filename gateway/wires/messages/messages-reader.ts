import { providerErrorType } from "../../provider-error-type.ts";
import type { AnswerEvent, AnswerReader, FinishReason } from "../answer-event.ts";
import { compact, nameOf, recordOf, recordsOf, textOf } from "../json-values.ts";
import { messagesUsage } from "./messages-usage.ts";

type Members = Readonly<Record<string, unknown>>;

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
]);

/** Reads an answer of Anthropic's messages. */
export class MessagesReader implements AnswerReader {
  readonly #toolOfBlock = new Map<unknown, number>();
  #usage: Members = {};
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  readEvent(event: Members): readonly AnswerEvent[] {
    switch (event["type"]) {
      case "message_start":
        return this.#start(recordOf(event["message"]));
      case "content_block_start":
        return this.#block(recordOf(event["content_block"]), event["index"]);
      case "content_block_delta":
        return this.#delta(recordOf(event["delta"]), event["index"]);
      case "message_delta":
        return [...finishOf(recordOf(event["delta"])), ...this.#counts(event["usage"])];
      case "message_stop":
        this.#isDone = true;
        return [];
      case "error":
        return [errorOf(event)];
      default:
        return [];
    }
  }

  readWhole(body: Members): readonly AnswerEvent[] {
    if (body["type"] === "error") {
      return [errorOf(body)];
    }
    if (body["type"] !== "message") {
      return [];
    }
    const blocks = recordsOf(body["content"]).flatMap((block, index) => this.#wholeBlock(block, index));
    return [...this.#start(body), ...blocks, ...finishOf(body)];
  }

  #start(message: Members): readonly AnswerEvent[] {
    const start: AnswerEvent = { kind: "start", id: nameOf(message["id"]), model: nameOf(message["model"]) };
    return [start, ...this.#counts(message["usage"])];
  }

  #block(block: Members, index: unknown): readonly AnswerEvent[] {
    if (block["type"] !== "tool_use") {
      return textEvents("text", block["text"]);
    }
    const tool = this.#toolOfBlock.size;
    this.#toolOfBlock.set(index, tool);
    return [{ kind: "tool_call", index: tool, id: textOf(block["id"]), name: textOf(block["name"]) }];
  }

  #wholeBlock(block: Members, index: number): readonly AnswerEvent[] {
    const begin = this.#block(block, index);
    const tool = this.#toolOfBlock.get(index);
    const rest: readonly AnswerEvent[] =
      tool === undefined
        ? textEvents("reasoning", block["thinking"])
        : [{ kind: "tool_arguments", index: tool, text: JSON.stringify(block["input"] ?? {}) }];
    return [...begin, ...rest];
  }

  #delta(delta: Members, index: unknown): readonly AnswerEvent[] {
    const tool = this.#toolOfBlock.get(index);
    if (delta["type"] === "input_json_delta") {
      const text = textOf(delta["partial_json"]);
      return tool === undefined || text === "" ? [] : [{ kind: "tool_arguments", index: tool, text }];
    }
    return [...textEvents("text", delta["text"]), ...textEvents("reasoning", delta["thinking"])];
  }

  /** Counts come in two parts, of which the second repeats only some of the first. */
  #counts(value: unknown): readonly AnswerEvent[] {
    this.#usage = { ...this.#usage, ...compact(recordOf(value)) };
    const usage = messagesUsage(this.#usage);
    return usage === null ? [] : [{ kind: "usage", usage, raw: this.#usage }];
  }
}

const textEvents = (kind: "text" | "reasoning", value: unknown): readonly AnswerEvent[] =>
  textOf(value) === "" ? [] : [{ kind, text: textOf(value) }];

const finishOf = (delta: Members): readonly AnswerEvent[] => {
  const said = textOf(delta["stop_reason"]);
  return said === "" ? [] : [{ kind: "finish", reason: finishReasons.get(said) ?? "stop", said }];
};

const errorOf = ({ error }: Members): AnswerEvent => ({
  kind: "error",
  errorType: providerErrorType(error),
  message: textOf(recordOf(error)["message"]),
});
