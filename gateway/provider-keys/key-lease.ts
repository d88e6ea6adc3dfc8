import type { Sign } from "../health/breaker.ts";

/** What the end of an attempt says of the key that it was sent with. */
export interface LeaseEnd {
  /** `failing` where the key was refused, `well` where it was not, `unknown` where nobody can tell. */
  readonly sign: Sign;
  /** Whether the provider has had enough of the key for now. */
  readonly isLimited: boolean;
  /** Monotonic time in milliseconds until which it asks to be left alone; null when it does not say. */
  readonly retryAtMs: number | null;
  /** Tokens that the attempt came to; null when that is not known, and what was reserved then stays. */
  readonly tokens: number | null;
}

/** What an attempt says that was not sent after all: nothing, and it took no tokens. */
export const unsentEnd: LeaseEnd = { sign: "unknown", isLimited: false, retryAtMs: null, tokens: 0 };

/** A key that one attempt is sent with. Only `secret` tells the key itself: what is logged of a lease has no key in it. */
export class KeyLease {
  /** Name of the key in the configuration. */
  readonly name: string;
  readonly #secret: string;
  readonly #onEnd: (end: LeaseEnd, nowMs: number) => void;
  #isOver = false;

  constructor(key: { readonly name: string; readonly secret: string }, onEnd: (end: LeaseEnd, nowMs: number) => void) {
    this.name = key.name;
    this.#secret = key.secret;
    this.#onEnd = onEnd;
  }

  /** The key itself. */
  secret(): string {
    return this.#secret;
  }

  /** The attempt has ended; only the first time counts. */
  end(end: LeaseEnd, nowMs: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd(end, nowMs);
  }
}
