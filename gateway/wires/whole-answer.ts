import type { Usage } from "../../core/usage.ts";
import { noUsage } from "../../core/usage.ts";
import type { AnswerEvent, FinishReason } from "./answer-event.ts";

/** One tool call of an answer. */
export interface WholeToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/** An answer put together from its steps. */
export interface WholeAnswer {
  readonly id: string | null;
  readonly model: string | null;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly WholeToolCall[];
  /** Null while it has not ended. */
  readonly finish: FinishReason | null;
  readonly usage: Usage;
  readonly vectors: readonly (readonly number[])[];
}

/** Puts an answer together from its steps. */
export const foldAnswer = (events: readonly AnswerEvent[]): WholeAnswer => {
  const first = events.find((event) => event.kind === "start");
  return {
    id: first?.id ?? null,
    model: first?.model ?? null,
    text: textOfKind(events, "text"),
    reasoning: textOfKind(events, "reasoning"),
    toolCalls: events.filter((event) => event.kind === "tool_call").map((call) => wholeCall(call, events)),
    finish: events.findLast((event) => event.kind === "finish")?.reason ?? null,
    usage: events.findLast((event) => event.kind === "usage")?.usage ?? noUsage,
    vectors: events.findLast((event) => event.kind === "vectors")?.vectors ?? [],
  };
};

const textOfKind = (events: readonly AnswerEvent[], kind: "text" | "reasoning"): string =>
  events.map((event) => (event.kind === kind && "text" in event ? event.text : "")).join("");

const wholeCall = (
  call: { readonly index: number; readonly id: string; readonly name: string },
  events: readonly AnswerEvent[],
): WholeToolCall => ({
  id: call.id,
  name: call.name,
  arguments: events
    .map((event) => (event.kind === "tool_arguments" && event.index === call.index ? event.text : ""))
    .join(""),
});
