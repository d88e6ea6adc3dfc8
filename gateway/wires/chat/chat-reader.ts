import { providerErrorType } from "../../provider-error-type.ts";
import { readProviderUsage } from "../../provider-usage.ts";
import type { AnswerEvent, AnswerReader, FinishReason } from "../answer-event.ts";
import { nameOf, recordOf, recordsOf, textOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** `function_call` is OpenAI's word from before there were tools, `model_length` one of Mistral's. */
const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ["length", "length"],
  ["model_length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
]);

/** Reads the first choice of an OpenAI chat completion. Its stream ends in `[DONE]`, which is no event of this reader's. */
export class ChatReader implements AnswerReader {
  readonly isDone = false;
  readonly #toolCalls = new Set<number>();
  #hasStarted = false;

  readEvent(event: Members): readonly AnswerEvent[] {
    const { error } = event;
    const failure: readonly AnswerEvent[] =
      error === undefined || error === null
        ? []
        : [{ kind: "error", errorType: providerErrorType(error), message: textOf(recordOf(error)["message"]) }];
    const raw = event["usage"];
    const usage = readProviderUsage(raw, event["service_tier"]);
    const counts: readonly AnswerEvent[] = usage === null ? [] : [{ kind: "usage", usage, raw }];
    return [...this.#start(event), ...this.#choice(event), ...counts, ...failure];
  }

  readWhole(body: Members): readonly AnswerEvent[] {
    return Array.isArray(body["choices"]) || body["error"] !== undefined ? this.readEvent(body) : [];
  }

  #start(event: Members): readonly AnswerEvent[] {
    if (this.#hasStarted || event["choices"] === undefined) {
      return [];
    }
    this.#hasStarted = true;
    return [{ kind: "start", id: nameOf(event["id"]), model: nameOf(event["model"]) }];
  }

  #choice(event: Members): readonly AnswerEvent[] {
    const choice = recordsOf(event["choices"]).find(({ index }) => index === 0 || index === undefined);
    if (choice === undefined) {
      return [];
    }
    const part = recordOf(choice["delta"] ?? choice["message"]);
    const calls = recordsOf(part["tool_calls"]).flatMap((call, position) => this.#toolCall(call, position));
    const said = textOf(choice["finish_reason"]);
    return [
      ...textEvents("reasoning", textOf(part["reasoning_content"]) || textOf(part["reasoning"])),
      ...textEvents("text", textOf(part["content"]) || textOf(part["refusal"])),
      ...calls,
      ...(said === "" ? [] : [{ kind: "finish", reason: finishReasons.get(said) ?? "stop", said } as const]),
    ];
  }

  #toolCall(call: Members, position: number): readonly AnswerEvent[] {
    const index = typeof call["index"] === "number" ? call["index"] : position;
    const details = recordOf(call["function"]);
    const text = textOf(details["arguments"]);
    const isNew = !this.#toolCalls.has(index);
    this.#toolCalls.add(index);
    return [
      ...(isNew ? [{ kind: "tool_call", index, id: textOf(call["id"]), name: textOf(details["name"]) } as const] : []),
      ...(text === "" ? [] : [{ kind: "tool_arguments", index, text } as const]),
    ];
  }
}

const textEvents = (kind: "text" | "reasoning", text: string): readonly AnswerEvent[] =>
  text === "" ? [] : [{ kind, text }];
