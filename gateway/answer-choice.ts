import { isRecord } from "./is-record.ts";
import type { MessagePart } from "./message.ts";
import type { TokenEstimate } from "./token-estimate.ts";

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
      this.#limits.estimate.add(content);
      this.#text = this.#keep(this.#text, content);
    }
    if (reasoning !== "") {
      this.#limits.estimate.add(reasoning);
      this.#reasoning = this.#keep(this.#reasoning, reasoning);
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
      const known = this.#toolCalls.get(index) ?? { id: "", name: "", arguments: "" };
      if (this.#toolCalls.size >= maxToolCalls && !this.#toolCalls.has(index)) {
        continue;
      }
      const details = isRecord(call["function"]) ? call["function"] : {};
      const added = textOf(details["arguments"]);
      known.id ||= textOf(call["id"]);
      known.name ||= textOf(details["name"]);
      known.arguments = this.#keep(known.arguments, added);
      this.#limits.estimate.add(added);
      this.#toolCalls.set(index, known);
    }
    return calls.length > 0;
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
