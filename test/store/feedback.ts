import type { Feedback } from "../../core/feedback.ts";
import type { ReceivedFeedback } from "../../store/store.ts";
import { mondayMs } from "./batches.ts";

/** A fact about a call of `callAt` that a user told `offset` seconds after `mondayMs`. */
export const factAt = (offset: number, more: Partial<Feedback> = {}): ReceivedFeedback => ({
  partition: 0,
  offset,
  feedback: {
    callId: (1).toString(16).padStart(16, "0"),
    name: "thumbs",
    value: 1,
    source: "user",
    at: mondayMs + offset * 1_000,
    ...more,
  },
});
