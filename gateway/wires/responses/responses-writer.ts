import type { Usage } from "../../../core/usage.ts";
import { noUsage } from "../../../core/usage.ts";
import type { AnswerEvent, AnswerLabels, AnswerWriter, FinishReason } from "../answer-event.ts";
import type { OpenItem, ResponseEvent } from "./open-item.ts";
import { addedItem, deltaOf, doneItem, finishedItem } from "./open-item.ts";
import { responseObject } from "./response-object.ts";

/** Writes a streamed answer as events of OpenAI's responses. It keeps the answer, which its last events repeat. */
export class ResponsesWriter implements AnswerWriter {
  readonly #labels: AnswerLabels;
  readonly #items: OpenItem[] = [];
  readonly #itemOfTool = new Map<number, OpenItem>();
  #open: OpenItem | null = null;
  #sequence = 0;
  #hasStarted = false;
  #model: string;
  #finish: FinishReason = "stop";
  #usage: Usage = noUsage;

  constructor(labels: AnswerLabels) {
    this.#labels = labels;
    this.#model = labels.model;
  }

  write(event: AnswerEvent): string {
    switch (event.kind) {
      case "start":
        this.#model = event.model ?? this.#model;
        return this.#begin();
      case "text":
      case "reasoning":
        return this.#openAs(event.kind) + this.#more(this.#open, event.text);
      case "tool_call":
        return this.#openTool(event);
      case "tool_arguments":
        return this.#more(this.#itemOfTool.get(event.index) ?? null, event.text);
      case "finish":
        this.#finish = event.reason;
        return this.#begin();
      case "usage":
        this.#usage = event.usage;
        return "";
      case "vectors":
        return "";
      case "error":
        return this.#events([{ type: "error", code: event.errorType, message: event.message, param: null }]);
    }
  }

  end(): string {
    const isWhole = this.#finish === "stop" || this.#finish === "tool_calls";
    const type = isWhole ? "response.completed" : "response.incomplete";
    const before = this.#begin() + this.#close();
    return before + this.#events([{ type, response: this.#response(this.#finish) }]);
  }

  #begin(): string {
    if (this.#hasStarted) {
      return "";
    }
    this.#hasStarted = true;
    const response = this.#response(null);
    return this.#events([
      { type: "response.created", response },
      { type: "response.in_progress", response },
    ]);
  }

  #openAs(kind: "text" | "reasoning"): string {
    return this.#open?.kind === kind ? "" : this.#openItem({ kind, callId: "", name: "" });
  }

  #openTool(call: { readonly index: number; readonly id: string; readonly name: string }): string {
    const opened = this.#openItem({ kind: "tool", callId: call.id, name: call.name });
    if (this.#open !== null) {
      this.#itemOfTool.set(call.index, this.#open);
    }
    return opened;
  }

  #openItem(item: Pick<OpenItem, "kind" | "callId" | "name">): string {
    const before = this.#begin() + this.#close();
    const index = this.#items.length;
    const prefix = { text: "msg", reasoning: "rs", tool: "fc" }[item.kind];
    this.#open = { ...item, index, id: `${prefix}_${this.#labels.callId}_${index}`, text: "" };
    this.#items.push(this.#open);
    return before + this.#events(addedItem(this.#open));
  }

  #close(): string {
    const item = this.#open;
    this.#open = null;
    return item === null ? "" : this.#events(doneItem(item));
  }

  #more(item: OpenItem | null, text: string): string {
    if (item === null) {
      return "";
    }
    item.text += text;
    return this.#events([deltaOf(item, text)]);
  }

  #response(finish: FinishReason | null): object {
    const id = `resp_${this.#labels.callId}`;
    const output = finish === null ? [] : this.#items.map(finishedItem);
    return responseObject({ id, model: this.#model, output, finish, usage: this.#usage }, this.#labels);
  }

  #events(events: readonly ResponseEvent[]): string {
    return events
      .map((event) => {
        const text = JSON.stringify({ ...event, sequence_number: this.#sequence });
        this.#sequence += 1;
        return `event: ${event.type}\ndata: ${text}\n\n`;
      })
      .join("");
  }
}
