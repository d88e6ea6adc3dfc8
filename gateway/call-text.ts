import type { Answer } from "./answer.ts";
import type { CapturedMessages, CaptureRules } from "./capture.ts";
import { captureMessages } from "./capture.ts";
import type { ChatRequest } from "./chat-request.ts";
import { inputMessages } from "./input-messages.ts";

/** The text of one call, as its record keeps it. */
export class CallText {
  readonly #chat: ChatRequest;
  readonly #rules: CaptureRules;
  #input: CapturedMessages | null = null;
  #hasInput = false;

  constructor(chat: ChatRequest, rules: CaptureRules) {
    this.#chat = chat;
    this.#rules = rules;
  }

  /** The caller's messages, prepared when they are first asked for; null when none are kept. */
  input(): CapturedMessages | null {
    if (!this.#hasInput) {
      this.#hasInput = true;
      this.#input = this.#isKept() ? captureMessages(inputMessages(this.#chat.messages), this.#rules) : null;
    }
    return this.#input;
  }

  /** The messages of an answer; null when none are kept, or there are none. */
  output(answer: Answer | null): CapturedMessages | null {
    const captured =
      answer?.hasContent === true && this.#isKept() ? captureMessages(answer.messages(), this.#rules) : null;
    return captured === null ? null : { ...captured, cutBytes: captured.cutBytes + (answer?.cutBytes ?? 0) };
  }

  #isKept(): boolean {
    return this.#rules.policy === "redacted" || this.#rules.policy === "full";
  }
}
