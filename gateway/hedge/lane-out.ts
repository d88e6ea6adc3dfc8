import type { OutgoingHeaders } from "../answer-headers.ts";
import type { AnswerOut } from "../answer-out.ts";
import type { CallerResponse } from "../caller-response.ts";
import type { ResponseHeaders } from "../providers/provider.ts";
import type { Refusal } from "../refusal.ts";

/** Bytes kept of an answer that has not won; one with more of them and no content yet asks to win. */
const maxHeldBytes = 65_536;

/**
 * Where the answer of one of several attempts goes: kept until it wins, then to the caller; and nowhere once it has lost. So the
 * bytes of one attempt alone reach the caller.
 */
export class LaneOut implements AnswerOut {
  readonly #onOverflow: () => void;
  #to: CallerResponse | null = null;
  #isDropped = false;
  #head: { readonly status: number; readonly headers: ResponseHeaders } | null = null;
  #wantsHead = false;
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** `onOverflow` is called when more has come than is kept; it attaches the lane or drops it. */
  constructor(onOverflow: () => void) {
    this.#onOverflow = onOverflow;
  }

  get hasStarted(): boolean {
    return this.#to?.hasStarted ?? false;
  }

  get hasTime(): boolean {
    return this.#to?.hasTime ?? false;
  }

  get isHeld(): boolean {
    return this.#to?.isHeld ?? !this.#isDropped;
  }

  /** The answer has won: what was kept goes to the caller, in place of anything held there, and what comes after it too. */
  attach(to: CallerResponse): void {
    this.#to = to;
    if (this.#head !== null) {
      to.setHead(this.#head.status, this.#head.headers);
    }
    if (this.#wantsHead) {
      to.sendHeadSoon();
    }
    for (const bytes of this.#held) {
      to.write(bytes);
    }
    this.#forget();
  }

  /** The answer has lost: nothing of it goes anywhere from now on. */
  drop(): void {
    this.#to = null;
    this.#isDropped = true;
    this.#forget();
  }

  setHead(status: number, headers: ResponseHeaders): void {
    this.#head = { status, headers };
    this.#to?.setHead(status, headers);
  }

  sendHeadSoon(): void {
    this.#wantsHead = true;
    this.#to?.sendHeadSoon();
  }

  write(bytes: Buffer): void {
    if (this.#to !== null) {
      this.#to.write(bytes);
    } else if (!this.#isDropped) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
      if (this.#heldBytes > maxHeldBytes) {
        this.#onOverflow();
      }
    }
  }

  writeNow(bytes: Buffer): void {
    if (this.#to === null) {
      this.write(bytes);
    } else {
      this.#to.writeNow(bytes);
    }
  }

  end(): void {
    this.#to?.end();
  }

  endWhole(body: Buffer): void {
    this.#to?.endWhole(body);
  }

  endWithError(refusal: Refusal, headers?: OutgoingHeaders): void {
    this.#to?.endWithError(refusal, headers);
  }

  destroy(): void {
    this.#to?.destroy();
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
