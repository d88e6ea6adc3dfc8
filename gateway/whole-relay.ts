import type { Answer } from "./answer.ts";
import type { AnswerOut } from "./answer-out.ts";
import { joined } from "./joined.ts";
import { parseJson } from "./parse-json.ts";
import { providerErrorOf } from "./provider-error.ts";
import type { ResponseHeaders } from "./providers/provider.ts";
import type { Refusal } from "./refusal.ts";
import type { Ending, OnFinish, Relay } from "./relay.ts";
import { okEnding } from "./relay.ts";
import type { WholeBody } from "./whole-body.ts";

/** What the relay of an answer that is no stream works with. */
export interface WholeRelayArgs {
  readonly out: AnswerOut;
  readonly answer: Answer;
  readonly body: WholeBody;
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Whether the body is as it was written; a compressed one is not read. */
  readonly isReadable: boolean;
  /** Ends the call's record; it comes before the last bytes. */
  readonly onFinish: OnFinish;
}

/** Bodies above this are not read, and no longer held back. */
const maxHeldBytes = 16 * 1_048_576;

const malformed: Refusal = {
  code: "provider.malformed",
  message: "The provider's answer is not in the format that its kind stands for.",
  param: null,
};

/**
 * Holds the body back until it is whole, so that one that is cut can still be answered with an error; then passes it on,
 * byte for byte or written anew in the caller's format. A body too large for that is passed on as it comes, but for the last
 * chunk; where it would have to be written anew it is let go, and the caller gets an error.
 */
export class WholeRelay implements Relay {
  readonly #args: WholeRelayArgs;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #isOversize = false;

  constructor(args: WholeRelayArgs) {
    this.#args = args;
  }

  chunk(chunk: Buffer): void {
    if (this.#isOversize || this.#heldBytes + chunk.length > maxHeldBytes) {
      this.#isOversize = true;
      this.#flush();
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
  }

  end(): void {
    const { out, onFinish, body, isReadable, status } = this.#args;
    const bytes = joined(this.#held);
    const parsed = isReadable && !this.#isOversize ? parseJson(bytes) : undefined;
    if (!onFinish(this.#read(parsed))) {
      return;
    }
    if (body.rewrite === null) {
      this.#passOn(bytes);
      return;
    }
    const written = isSuccess(status)
      ? body.rewrite.answer()
      : body.rewrite.error(status, providerErrorOf(this.#args, parsed));
    if (written === null) {
      out.endWithError(malformed);
    } else {
      out.endWhole(written);
    }
  }

  fail(refusal: Refusal): void {
    if (this.#args.out.hasStarted) {
      this.#args.out.destroy();
    } else {
      this.#args.out.endWithError(refusal);
    }
  }

  #passOn(bytes: Buffer): void {
    const { out } = this.#args;
    if (this.#isOversize) {
      out.write(bytes);
      out.end();
    } else {
      out.endWhole(bytes);
    }
  }

  #flush(): void {
    for (const chunk of this.#args.body.rewrite === null ? this.#held : []) {
      this.#args.out.write(chunk);
    }
    this.#held = [];
    this.#heldBytes = 0;
  }

  #read(parsed: unknown): Ending {
    const { status, answer, body, isReadable } = this.#args;
    if (!isSuccess(status)) {
      return failedEnding(status, providerErrorOf(this.#args, parsed).errorType);
    }
    if (body.rewrite === null && (!isReadable || this.#isOversize)) {
      return okEnding;
    }
    const isAnswer = body.read(parsed);
    if (answer.errorType !== null) {
      return { outcome: "provider_error", errorType: answer.errorType };
    }
    return isAnswer ? okEnding : { outcome: "provider_error", errorType: "malformed_answer" };
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** An answer with an error status: the provider's own word for it, else the status. */
const failedEnding = (status: number, own: string): Ending => ({
  outcome: status === 429 ? "rate_limited" : "provider_error",
  errorType: own === "_OTHER" ? String(status) : own,
});
