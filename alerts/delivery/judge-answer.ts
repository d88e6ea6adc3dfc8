import { retryAfterMs } from "../../core/retry-after.ts";
import type { SendResult } from "./receiver.ts";
import { sent } from "./receiver.ts";

/** Answers that ask to come again, besides 5xx: the receiver was slow, not ready, or has had enough for now. */
const passing = new Set([408, 425, 429]);

/** Tells what the answer of a receiver means. A redirection is refused: only the configured address is ever called. */
export const judgeAnswer = (
  answer: { readonly status: number; readonly retryAfter: string | null },
  nowMs: number,
): SendResult => {
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) {
    return sent;
  }
  const says = `it answered ${status}`;
  if (status >= 500 || passing.has(status)) {
    return { kind: "retry", code: "delivery.unreachable", says, afterMs: retryAfterMs(retryAfter, nowMs) };
  }
  return { kind: "refused", code: "delivery.refused", says };
};
