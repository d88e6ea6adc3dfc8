import type { AttemptEnd, AttemptStart, CallEnd, CallRecorder, CallStart } from "../../../gateway/call-recorder.ts";

/** A call as a recorder saw it. */
export interface KeptCall {
  readonly callId: string;
  readonly start: CallStart;
  readonly attempts: readonly { readonly start: AttemptStart; readonly ends: readonly AttemptEnd[] }[];
  /** One entry for each time the call was ended: anything but one is a defect. */
  readonly ends: readonly CallEnd[];
}

/** A recorder that keeps every call in memory. */
export interface KeptCalls extends CallRecorder {
  readonly calls: readonly KeptCall[];
  /** Resolves with the call of that position once it has ended. */
  readonly ended: (index: number) => Promise<KeptCall>;
}

const traceId = "0af7651916cd43dd8448eb211c80319c";

/** Makes a recorder; `onEnd` runs within `end`, before the call counts as ended, and may throw. */
export const keptCalls = (onEnd: (end: CallEnd) => void = () => {}): KeptCalls => {
  const calls: OpenKeptCall[] = [];
  const waiting = new Set<() => void>();
  return {
    calls,
    ended: (index) =>
      new Promise((resolve) => {
        const check = (): void => {
          const call = calls[index];
          if (call !== undefined && call.ends.length > 0) {
            waiting.delete(check);
            resolve(call);
          }
        };
        waiting.add(check);
        check();
      }),
    start: (start) => {
      const callId = (calls.length + 1).toString(16).padStart(16, "0");
      const call: OpenKeptCall = { callId, start, attempts: [], ends: [] };
      calls.push(call);
      return {
        callId,
        traceId,
        startAttempt: (attemptStart) => {
          const attempt: KeptAttempt = { start: attemptStart, ends: [] };
          call.attempts.push(attempt);
          const traceparent = `00-${traceId}-${callId}-01`;
          return { traceparent, tracestate: start.tracestate, end: (end) => attempt.ends.push(end) };
        },
        end: (end) => {
          onEnd(end);
          call.ends.push(end);
          for (const check of [...waiting]) {
            check();
          }
        },
      };
    },
  };
};

interface KeptAttempt {
  readonly start: AttemptStart;
  readonly ends: AttemptEnd[];
}

interface OpenKeptCall {
  readonly callId: string;
  readonly start: CallStart;
  readonly attempts: KeptAttempt[];
  readonly ends: CallEnd[];
}
