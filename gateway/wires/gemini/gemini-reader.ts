import type { AnswerEvent, AnswerReader, FinishReason } from "../answer-event.ts";
import { nameOf, recordOf, recordsOf, textOf } from "../json-values.ts";
import { geminiUsage } from "./gemini-usage.ts";

type Members = Readonly<Record<string, unknown>>;

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ["MAX_TOKENS", "length"],
  ...["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "LANGUAGE"].map(
    (word) => [word, "content_filter"] as const,
  ),
]);

/** Reads an answer of Gemini's generateContent. Its stream ends without saying so: the last event has a finish reason. */
export class GeminiReader implements AnswerReader {
  readonly isDone = false;
  #hasStarted = false;
  #toolCalls = 0;

  readEvent(event: Members): readonly AnswerEvent[] {
    if (event["error"] !== undefined) {
      const error = recordOf(event["error"]);
      return [{ kind: "error", errorType: nameOf(error["status"]) ?? "_OTHER", message: textOf(error["message"]) }];
    }
    const raw = event["usageMetadata"];
    const usage = geminiUsage(raw);
    return [
      ...this.#start(event),
      ...this.#candidate(event),
      ...(usage === null ? [] : [{ kind: "usage", usage, raw } as const]),
    ];
  }

  readWhole(body: Members): readonly AnswerEvent[] {
    const isAnswer = ["candidates", "promptFeedback", "error"].some((name) => body[name] !== undefined);
    return isAnswer ? this.readEvent(body) : [];
  }

  #start(event: Members): readonly AnswerEvent[] {
    if (this.#hasStarted) {
      return [];
    }
    this.#hasStarted = true;
    return [{ kind: "start", id: nameOf(event["responseId"]), model: nameOf(event["modelVersion"]) }];
  }

  #candidate(event: Members): readonly AnswerEvent[] {
    const [candidate] = recordsOf(event["candidates"]);
    const refused = textOf(recordOf(event["promptFeedback"])["blockReason"]);
    if (candidate === undefined) {
      return refused === "" ? [] : [{ kind: "finish", reason: "content_filter", said: refused }];
    }
    const parts = recordsOf(recordOf(candidate["content"])["parts"]).flatMap((part) => this.#part(part));
    const said = textOf(candidate["finishReason"]);
    return said === "" ? parts : [...parts, { kind: "finish", reason: this.#reasonOf(said), said }];
  }

  #part(part: Members): readonly AnswerEvent[] {
    if (part["functionCall"] !== undefined) {
      return this.#toolCall(recordOf(part["functionCall"]));
    }
    const text = textOf(part["text"]);
    return text === "" ? [] : [{ kind: part["thought"] === true ? "reasoning" : "text", text }];
  }

  /** Gemini's calls come whole, and mostly without an id: the position stands in for it. */
  #toolCall(call: Members): readonly AnswerEvent[] {
    const index = this.#toolCalls;
    this.#toolCalls += 1;
    const name = textOf(call["name"]);
    return [
      { kind: "tool_call", index, id: nameOf(call["id"]) ?? `call_${index}_${name}`, name },
      { kind: "tool_arguments", index, text: JSON.stringify(call["args"] ?? {}) },
    ];
  }

  /** Gemini says STOP for an answer that ends in tool calls too. */
  #reasonOf(said: string): FinishReason {
    return finishReasons.get(said) ?? (this.#toolCalls > 0 ? "tool_calls" : "stop");
  }
}
