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
    toolCalls: wholeCalls(events),
    finish: events.findLast((event) => event.kind === "finish")?.reason ?? null,
    usage: events.findLast((event) => event.kind === "usage")?.usage ?? noUsage,
    vectors: events.findLast((event) => event.kind === "vectors")?.vectors ?? [],
  };
};

const textOfKind = (events: readonly AnswerEvent[], kind: "text" | "reasoning"): string =>
  events.map((event) => (event.kind === kind && "text" in event ? event.text : "")).join("");

const wholeCalls = (events: readonly AnswerEvent[]): readonly WholeToolCall[] => {
  const texts = new Map<number, string>();
  for (const event of events) {
    if (event.kind === "tool_arguments") texts.set(event.index, (texts.get(event.index) ?? "") + event.text);
  }
  return events
    .filter((event) => event.kind === "tool_call")
    .map(({ index, id, name }) => ({ id, name, arguments: texts.get(index) ?? "" }));
};
