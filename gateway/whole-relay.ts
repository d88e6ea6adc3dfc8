import type { Answer } from "./answer.ts";
import type { CallerResponse } from "./caller-response.ts";
import { isRecord } from "./is-record.ts";
import { providerErrorType } from "./provider-error-type.ts";
import type { Refusal } from "./refusal.ts";
import type { Ending, Relay } from "./relay.ts";
import { okEnding } from "./relay.ts";

/** What the relay of an answer that is no stream works with. */
export interface WholeRelayArgs {
  readonly out: CallerResponse;
  readonly answer: Answer;
  readonly status: number;
  /** Whether the body is as it was written; a compressed one is passed on unread. */
  readonly isReadable: boolean;
  /** Ends the call's record; it comes before the last bytes. */
  readonly onFinish: (ending: Ending) => void;
}

/** Bodies above this are passed on without being read, and no longer held back. */
const maxHeldBytes = 16 * 1_048_576;

/**
 * Holds the body back until it is whole, so that one that is cut can still be answered with an error; then passes it on,
 * byte for byte. A body too large for that is passed on as it comes, but for the last chunk.
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
    const { out, onFinish } = this.#args;
    const [first] = this.#held;
    const body = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    onFinish(this.#read(body));
    if (this.#isOversize) {
      out.write(body);
      out.end();
    } else {
      out.endWhole(body);
    }
  }

  fail(refusal: Refusal): void {
    if (this.#args.out.hasStarted) {
      this.#args.out.destroy();
    } else {
      this.#args.out.endWithError(refusal);
    }
  }

  #flush(): void {
    for (const chunk of this.#held) {
      this.#args.out.write(chunk);
    }
    this.#held = [];
    this.#heldBytes = 0;
  }

  #read(body: Buffer): Ending {
    const { status, answer, isReadable } = this.#args;
    const parsed = isReadable && !this.#isOversize ? parseJson(body) : undefined;
    if (status < 200 || status >= 300) {
      return failedEnding(status, parsed);
    }
    if (!isReadable || this.#isOversize) {
      return okEnding;
    }
    answer.read(parsed);
    if (answer.errorType !== null) {
      return { outcome: "provider_error", errorType: answer.errorType };
    }
    return isRecord(parsed) ? okEnding : { outcome: "provider_error", errorType: "malformed_answer" };
  }
}

/** An answer with an error status: the provider's own word for it, else the status. */
const failedEnding = (status: number, parsed: unknown): Ending => {
  const own = isRecord(parsed) ? providerErrorType(parsed["error"]) : "_OTHER";
  return {
    outcome: status === 429 ? "rate_limited" : "provider_error",
    errorType: own === "_OTHER" ? String(status) : own,
  };
};

const parseJson = (body: Buffer): unknown => {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
};
