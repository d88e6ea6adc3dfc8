import type { LiveAttempt } from "../attempts/live-attempt.ts";
import type { LaneOut } from "./lane-out.ts";
import type { OwnerSwitch } from "./owner-switch.ts";

/** One of two attempts at a call, with what stands between it and the call. */
export interface Contender {
  readonly attempt: LiveAttempt;
  readonly out: LaneOut;
  readonly owner: OwnerSwitch;
}

/** What stands between an attempt and its call. */
export type Seat = Omit<Contender, "attempt">;
