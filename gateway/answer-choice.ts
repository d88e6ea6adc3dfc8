import { isRecord } from "./is-record.ts";
import type { MessagePart } from "./message.ts";
import type { TokenEstimate } from "./token-estimate.ts";
import type { AnswerEvent } from "./wires/answer-event.ts";

interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** More tool calls than any model makes at once; a provider that numbers more must not fill our memory. */
const maxToolCalls = 256;

/** What both kinds of text are kept within. */
export interface ChoiceLimits {
  /** Characters of each text kept for the record; what comes after is only counted. */
  readonly keepCharacters: number;
  readonly estimate: TokenEstimate;
}

/** One choice of an answer, put together from deltas or from a whole message. */
export class AnswerChoice {
  readonly #limits: ChoiceLimits;
  readonly #toolCalls = new Map<number, ToolCall>();
  #text = "";
  #reasoning = "";
  #finishReason: string | null = null;
  #cutBytes = 0;

  constructor(limits: ChoiceLimits) {
    this.#limits = limits;
  }

  /** Why the choice ended, in the provider's words; null while it has not. */
  get finishReason(): string | null {
    return this.#finishReason;
  }

  /** Bytes of text that came and were not kept; 0 while all was. */
  get cutBytes(): number {
    return this.#cutBytes;
  }

  /** Takes in a choice of a completion or of a chunk; true when it brought content, and not only a role or an end. */
  read(choice: Readonly<Record<string, unknown>>): boolean {
    if (typeof choice["finish_reason"] === "string") {
      this.#finishReason = choice["finish_reason"];
    }
    const part = choice["delta"] ?? choice["message"];
    return isRecord(part) && this.#readPart(part);
  }

  /** Takes in one step of an answer that is no chat completion; true when it brought content. */
  take(event: AnswerEvent): boolean {
    switch (event.kind) {
      case "text":
      case "reasoning":
        this.#add(event.kind, event.text);
        return true;
      case "tool_call":
        this.#addToCall(event.index, { id: event.id, name: event.name, added: "" });
        return true;
      case "tool_arguments":
        this.#addToCall(event.index, { id: "", name: "", added: event.text });
        return true;
      case "finish":
        this.#finishReason = event.said;
        return false;
      default:
        return false;
    }
  }

  /** The choice as parts of a message. */
  parts(): readonly MessagePart[] {
    const parts: MessagePart[] = [];
    if (this.#reasoning !== "") {
      parts.push({ type: "reasoning", content: this.#reasoning });
    }
    if (this.#text !== "") {
      parts.push({ type: "text", content: this.#text });
    }
    for (const call of this.#toolCalls.values()) {
      parts.push({ type: "tool_call", id: call.id, name: call.name, arguments: call.arguments });
    }
    return parts;
  }

  #readPart(part: Readonly<Record<string, unknown>>): boolean {
    const content = textOf(part["content"]) || textOf(part["refusal"]);
    const reasoning = textOf(part["reasoning_content"]) || textOf(part["reasoning"]);
    if (content !== "") {
      this.#add("text", content);
    }
    if (reasoning !== "") {
      this.#add("reasoning", reasoning);
    }
    const hasCalls = this.#readToolCalls(part["tool_calls"]);
    return content !== "" || reasoning !== "" || hasCalls;
  }

  #readToolCalls(value: unknown): boolean {
    if (!Array.isArray(value)) {
      return false;
    }
    const calls = value.filter(isRecord);
    for (const [position, call] of calls.entries()) {
      const index = typeof call["index"] === "number" ? call["index"] : position;
      const details = isRecord(call["function"]) ? call["function"] : {};
      const added = textOf(details["arguments"]);
      this.#addToCall(index, { id: textOf(call["id"]), name: textOf(details["name"]), added });
    }
    return calls.length > 0;
  }

  #add(kind: "text" | "reasoning", added: string): void {
    this.#limits.estimate.add(added);
    if (kind === "text") {
      this.#text = this.#keep(this.#text, added);
    } else {
      this.#reasoning = this.#keep(this.#reasoning, added);
    }
  }

  #addToCall(index: number, call: { readonly id: string; readonly name: string; readonly added: string }): void {
    const known = this.#toolCalls.get(index) ?? { id: "", name: "", arguments: "" };
    if (this.#toolCalls.size >= maxToolCalls && !this.#toolCalls.has(index)) {
      return;
    }
    known.id ||= call.id;
    known.name ||= call.name;
    known.arguments = this.#keep(known.arguments, call.added);
    this.#limits.estimate.add(call.added);
    this.#toolCalls.set(index, known);
  }

  #keep(kept: string, added: string): string {
    const room = this.#limits.keepCharacters - kept.length;
    if (room >= added.length) {
      return kept + added;
    }
    const end = Math.max(room, 0);
    this.#cutBytes += Buffer.byteLength(added.slice(end));
    return kept + added.slice(0, end);
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
