import type { Outcome } from "../core/outcomes.ts";
import type { Refusal } from "./refusal.ts";

/** How an answer ended. */
export interface Ending {
  readonly outcome: Outcome;
  /** Null when nothing went wrong. */
  readonly errorType: string | null;
}

/** Hands a provider's answer to the caller, and reads it on its way. */
export interface Relay {
  readonly chunk: (chunk: Buffer) => void;
  /** The provider's answer is over. */
  readonly end: () => void;
  /** The call's record is ended; tells the caller that its answer will not be whole, and why. */
  readonly fail: (refusal: Refusal) => void;
}

/** An answer that is as it should be. */
export const okEnding: Ending = { outcome: "ok", errorType: null };

/**
 * Hears how an answer ended, before its last bytes go out. False when another answer is to take its place: nothing more of
 * this one may be sent.
 */
export type OnFinish = (ending: Ending) => boolean;
