import type { AnswerEvent, AnswerReader, FinishReason } from "../answer-event.ts";
import { recordOf, recordsOf, textOf } from "../json-values.ts";
import { converseUsage } from "./converse-usage.ts";

type Members = Readonly<Record<string, unknown>>;

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"],
]);

/**
 * Reads an answer of Bedrock's Converse, whose stream comes as objects with one member each, named after the event.
 * The stream ends without saying so: after the reason come the counts, and then nothing.
 */
export class ConverseReader implements AnswerReader {
  readonly isDone = false;
  readonly #model: string;
  readonly #toolOfBlock = new Map<unknown, number>();

  /** `model` is the one in the address, which no answer repeats. */
  constructor(model: string) {
    this.#model = model;
  }

  readEvent(event: Members): readonly AnswerEvent[] {
    const [name = ""] = Object.keys(event);
    const value = recordOf(event[name]);
    switch (name) {
      case "messageStart":
        return [{ kind: "start", id: null, model: this.#model }];
      case "contentBlockStart":
        return this.#toolStart(recordOf(recordOf(value["start"])["toolUse"]), value["contentBlockIndex"]);
      case "contentBlockDelta":
        return this.#delta(recordOf(value["delta"]), value["contentBlockIndex"]);
      case "messageStop":
        return finishOf(value["stopReason"]);
      case "metadata":
        return countsOf(value);
      case "exception":
        return [{ kind: "error", errorType: textOf(value["type"]) || "_OTHER", message: textOf(value["message"]) }];
      default:
        return [];
    }
  }

  readWhole(body: Members): readonly AnswerEvent[] {
    const { output } = body;
    if (output === undefined) {
      return [];
    }
    const blocks = recordsOf(recordOf(recordOf(output)["message"])["content"]);
    return [
      { kind: "start", id: null, model: this.#model },
      ...blocks.flatMap((block, index) => this.#wholeBlock(block, index)),
      ...finishOf(body["stopReason"]),
      ...countsOf(body),
    ];
  }

  #wholeBlock(block: Members, index: number): readonly AnswerEvent[] {
    if (block["toolUse"] === undefined) {
      const reasoning = recordOf(recordOf(block["reasoningContent"])["reasoningText"])["text"];
      return [...textEvents("reasoning", reasoning), ...textEvents("text", block["text"])];
    }
    const use = recordOf(block["toolUse"]);
    const start = this.#toolStart(use, index);
    const tool = this.#toolOfBlock.get(index) ?? 0;
    return [...start, { kind: "tool_arguments", index: tool, text: JSON.stringify(use["input"] ?? {}) }];
  }

  #toolStart(use: Members, block: unknown): readonly AnswerEvent[] {
    const index = this.#toolOfBlock.size;
    this.#toolOfBlock.set(block, index);
    return [{ kind: "tool_call", index, id: textOf(use["toolUseId"]), name: textOf(use["name"]) }];
  }

  #delta(delta: Members, block: unknown): readonly AnswerEvent[] {
    const index = this.#toolOfBlock.get(block);
    if (delta["toolUse"] !== undefined && index !== undefined) {
      const text = textOf(recordOf(delta["toolUse"])["input"]);
      return text === "" ? [] : [{ kind: "tool_arguments", index, text }];
    }
    const reasoning = recordOf(delta["reasoningContent"])["text"];
    return [...textEvents("reasoning", reasoning), ...textEvents("text", delta["text"])];
  }
}

const textEvents = (kind: "text" | "reasoning", value: unknown): readonly AnswerEvent[] =>
  textOf(value) === "" ? [] : [{ kind, text: textOf(value) }];

const finishOf = (value: unknown): readonly AnswerEvent[] => {
  const said = textOf(value);
  return said === "" ? [] : [{ kind: "finish", reason: finishReasons.get(said) ?? "stop", said }];
};

const countsOf = ({ usage: raw, serviceTier }: Members): readonly AnswerEvent[] => {
  const usage = converseUsage(raw, serviceTier);
  return usage === null ? [] : [{ kind: "usage", usage, raw }];
};
