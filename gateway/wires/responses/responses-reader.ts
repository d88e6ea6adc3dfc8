import { providerErrorType } from "../../provider-error-type.ts";
import type { AnswerEvent, AnswerReader } from "../answer-event.ts";
import { nameOf, recordOf, recordsOf, textOf } from "../json-values.ts";
import { responsesUsage } from "./responses-usage.ts";

type Members = Readonly<Record<string, unknown>>;

/** Events whose `delta` is text that a person reads. */
const textDeltas: ReadonlySet<unknown> = new Set(["response.output_text.delta", "response.refusal.delta"]);
const reasoningDeltas: ReadonlySet<unknown> = new Set([
  "response.reasoning_text.delta",
  "response.reasoning_summary_text.delta",
]);
const endings: ReadonlySet<unknown> = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** Reads an answer of OpenAI's responses. */
export class ResponsesReader implements AnswerReader {
  readonly #toolOfItem = new Map<unknown, number>();
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  readEvent(event: Members): readonly AnswerEvent[] {
    const { type } = event;
    if (textDeltas.has(type) || reasoningDeltas.has(type)) {
      const text = textOf(event["delta"]);
      return text === "" ? [] : [{ kind: textDeltas.has(type) ? "text" : "reasoning", text }];
    }
    if (endings.has(type)) {
      this.#isDone = true;
      return this.#ending(recordOf(event["response"]));
    }
    switch (type) {
      case "response.created":
        return [startOf(recordOf(event["response"]))];
      case "response.output_item.added":
        return this.#toolCall(recordOf(event["item"]), event["output_index"]);
      case "response.function_call_arguments.delta":
        return this.#moreArguments(event);
      case "error":
        return [errorOf(event["error"] ?? event)];
      default:
        return [];
    }
  }

  readWhole(body: Members): readonly AnswerEvent[] {
    if (body["object"] !== "response") {
      return isThere(body["error"]) ? [errorOf(body["error"])] : [];
    }
    const items = recordsOf(body["output"]).flatMap((item, index) => this.#wholeItem(item, index));
    return [startOf(body), ...items, ...this.#ending(body)];
  }

  #wholeItem(item: Members, index: number): readonly AnswerEvent[] {
    const parts = recordsOf(item["type"] === "reasoning" ? (item["summary"] ?? item["content"]) : item["content"]);
    const kind = item["type"] === "reasoning" ? "reasoning" : "text";
    const texts = parts
      .map((part) => textOf(part["text"]) || textOf(part["refusal"]))
      .filter((text) => text !== "")
      .map((text) => ({ kind, text }) as const);
    const call = this.#toolCall(item, index);
    const rest = call.length === 0 ? [] : this.#moreArguments({ output_index: index, delta: item["arguments"] });
    return [...texts, ...call, ...rest];
  }

  #toolCall(item: Members, position: unknown): readonly AnswerEvent[] {
    if (item["type"] !== "function_call") {
      return [];
    }
    const index = this.#toolOfItem.size;
    this.#toolOfItem.set(position, index);
    return [{ kind: "tool_call", index, id: textOf(item["call_id"]), name: textOf(item["name"]) }];
  }

  #moreArguments(event: Members): readonly AnswerEvent[] {
    const index = this.#toolOfItem.get(event["output_index"]);
    const text = textOf(event["delta"]);
    return index === undefined || text === "" ? [] : [{ kind: "tool_arguments", index, text }];
  }

  #ending(response: Members): readonly AnswerEvent[] {
    const raw = response["usage"];
    const usage = responsesUsage(raw, response["service_tier"]);
    const counts: readonly AnswerEvent[] = usage === null ? [] : [{ kind: "usage", usage, raw }];
    if (response["status"] === "failed" || isThere(response["error"])) {
      return [...counts, errorOf(response["error"])];
    }
    const cause = textOf(recordOf(response["incomplete_details"])["reason"]);
    if (cause !== "") {
      return [...counts, { kind: "finish", reason: cause === "content_filter" ? cause : "length", said: cause }];
    }
    const hasCalls = this.#toolOfItem.size > 0;
    return [...counts, { kind: "finish", reason: hasCalls ? "tool_calls" : "stop", said: textOf(response["status"]) }];
  }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const startOf = (response: Members): AnswerEvent => ({
  kind: "start",
  id: nameOf(response["id"]),
  model: nameOf(response["model"]),
});

const errorOf = (error: unknown): AnswerEvent => ({
  kind: "error",
  errorType: providerErrorType(error),
  message: textOf(recordOf(error)["message"]),
});
