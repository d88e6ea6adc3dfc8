import { callItem, messageItem, reasoningItem, textPart } from "./response-object.ts";

/** An output item of a streamed response, with its text so far. */
export interface OpenItem {
  readonly kind: "text" | "reasoning" | "tool";
  /** Position among the output items, from 0. */
  readonly index: number;
  readonly id: string;
  /** Id and name of a tool call; empty for any other item. */
  readonly callId: string;
  readonly name: string;
  text: string;
}

/** An event of a streamed response, before it has its number. */
export interface ResponseEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** The item as it is when it is finished. */
export const finishedItem = ({ kind, id, callId, name, text }: OpenItem): object => {
  switch (kind) {
    case "text":
      return messageItem(id, text);
    case "reasoning":
      return reasoningItem(id, text);
    case "tool":
      return callItem(id, { id: callId, name, arguments: text });
  }
};

/** The events that say that an item begins. */
export const addedItem = (item: OpenItem): readonly ResponseEvent[] => {
  const empty = { text: { content: [] }, reasoning: { summary: [] }, tool: {} }[item.kind];
  const begun = { ...finishedItem({ ...item, text: "" }), ...empty, status: "in_progress" };
  const added = { type: "response.output_item.added", output_index: item.index, item: begun };
  switch (item.kind) {
    case "text":
      return [added, { type: "response.content_part.added", ...place(item), part: textPart("") }];
    case "reasoning":
      return [added, { type: "response.reasoning_summary_part.added", ...place(item), part: summaryPart("") }];
    case "tool":
      return [added];
  }
};

/** The event that brings more of an item's text. */
export const deltaOf = (item: OpenItem, delta: string): ResponseEvent => {
  switch (item.kind) {
    case "text":
      return { type: "response.output_text.delta", ...place(item), delta, logprobs: [] };
    case "reasoning":
      return { type: "response.reasoning_summary_text.delta", ...place(item), delta };
    case "tool":
      return { type: "response.function_call_arguments.delta", ...place(item), delta };
  }
};

/** The events that say that an item is finished. */
export const doneItem = (item: OpenItem): readonly ResponseEvent[] => {
  const done = { type: "response.output_item.done", output_index: item.index, item: finishedItem(item) };
  const { text, name } = item;
  switch (item.kind) {
    case "text":
      return [
        { type: "response.output_text.done", ...place(item), text, logprobs: [] },
        { type: "response.content_part.done", ...place(item), part: textPart(text) },
        done,
      ];
    case "reasoning":
      return [
        { type: "response.reasoning_summary_text.done", ...place(item), text },
        { type: "response.reasoning_summary_part.done", ...place(item), part: summaryPart(text) },
        done,
      ];
    case "tool":
      return [{ type: "response.function_call_arguments.done", ...place(item), name, arguments: text }, done];
  }
};

const summaryPart = (text: string): object => ({ type: "summary_text", text });

const place = ({ kind, id, index }: OpenItem): object => {
  const inner = { text: { content_index: 0 }, reasoning: { summary_index: 0 }, tool: {} }[kind];
  return { item_id: id, output_index: index, ...inner };
};
