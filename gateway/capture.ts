import type { ContentPolicy } from "../core/outcomes.ts";
import type { Message, MessagePart } from "./message.ts";
import { redact } from "./redaction/redact.ts";

/** How text is kept. */
export interface CaptureRules {
  readonly policy: ContentPolicy;
  /** Bytes of text kept of one list of messages. */
  readonly limitBytes: number;
}

/** Stands where text was cut off. */
export const cutMark = "[CUT]";

/**
 * Text beyond the limit that is still looked at, so that a value which crosses the limit is recognised whole and not
 * kept in part.
 */
const lookAheadCharacters = 1_024;

/** Messages as they are kept. */
export interface CapturedMessages {
  readonly json: string;
  /** Bytes of text that were left out, counted after redaction as far as it was looked at; 0 when nothing was. */
  readonly cutBytes: number;
}

/** Characters of an answer to hold on to, so that what crosses the limit is seen to cross it. */
export const heldCharacters = (limitBytes: number): number => limitBytes + lookAheadCharacters + 1;

/** Characters at the end of a text that was looked at in part: what stands there may be half a value, and is not kept. */
const edgeCharacters = 256;

/**
 * The messages as JSON, redacted as the policy says and cut at the limit; null when the policy keeps no text. What is only
 * measured is redacted as well: it travels to the processors, which drop it.
 */
export const captureMessages = (messages: readonly Message[], rules: CaptureRules): CapturedMessages | null => {
  if (rules.policy === "none") {
    return null;
  }
  const budget = new TextBudget(rules);
  const json = JSON.stringify(
    messages.map(({ role, parts }) => ({ role, parts: parts.map((part) => keepPart(part, budget)) })),
  );
  return { json, cutBytes: budget.cutBytes };
};

const keepPart = (part: MessagePart, budget: TextBudget): MessagePart => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return { type: part.type, content: budget.keep(part.content) };
    case "tool_call":
      return { type: part.type, id: part.id, name: part.name, arguments: budget.keep(part.arguments) };
    case "tool_call_response":
      return { type: part.type, id: part.id, result: budget.keep(part.result) };
    case "omitted":
      return part;
  }
};

/** Spends the bytes of one list on its texts, in order. */
class TextBudget {
  readonly #redacts: boolean;
  #leftBytes: number;
  #cutBytes = 0;

  constructor(rules: CaptureRules) {
    this.#redacts = rules.policy !== "full";
    this.#leftBytes = rules.limitBytes;
  }

  get cutBytes(): number {
    return this.#cutBytes;
  }

  keep(text: string): string {
    const isLong = text.length > this.#leftBytes + lookAheadCharacters;
    const seen = isLong ? text.slice(0, this.#leftBytes + lookAheadCharacters) : text;
    const clean = this.#redacts ? redact(seen) : seen;
    const bytes = Buffer.byteLength(clean);
    if (!isLong && bytes <= this.#leftBytes) {
      this.#leftBytes -= bytes;
      return clean;
    }
    const kept = cutBytes(isLong ? clean.slice(0, -edgeCharacters) : clean, this.#leftBytes);
    this.#cutBytes += bytes - Buffer.byteLength(kept) + Buffer.byteLength(text.slice(seen.length));
    this.#leftBytes = 0;
    return `${kept}${cutMark}`;
  }
}

/** The longest beginning of `text` that has at most `limit` bytes in UTF-8 and ends between two characters. */
const cutBytes = (text: string, limit: number): string => {
  const bytes = Buffer.from(text);
  let end = Math.min(limit, bytes.length);
  while (end > 0 && end < bytes.length && isContinuation(bytes[end])) {
    end -= 1;
  }
  return bytes.toString("utf8", 0, end);
};

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
