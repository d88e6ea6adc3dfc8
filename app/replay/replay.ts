import type { Clock } from "../../core/clock.ts";
import type { Progress } from "../progress.ts";
import type { Ledger } from "./ledger.ts";
import { emptyLedger, enter } from "./ledger.ts";
import type { RecordedCall } from "./recorded-call.ts";
import type { SendResult } from "./send-call.ts";

/** What a replay is made with. */
export interface ReplayOptions {
  readonly calls: AsyncIterable<RecordedCall>;
  readonly send: (call: RecordedCall) => Promise<SendResult>;
  /** How many times faster than recorded. */
  readonly speed: number;
  /** Most calls under way at once; it sets the pace of calls without a recorded time. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Ends the replay early: no further call is started. */
  readonly signal: AbortSignal;
}

/**
 * Sends recorded calls. Calls with a time keep their recorded distances divided by `speed`; calls without one follow each
 * other as fast as `concurrency` allows.
 */
export const replay = async (options: ReplayOptions): Promise<Ledger> => {
  let ledger = emptyLedger;
  const underWay = new Set<Promise<void>>();
  const wait = startWatch(options);
  for await (const call of options.calls) {
    await wait(call);
    if (underWay.size >= options.concurrency) {
      await Promise.race(underWay);
    }
    if (options.signal.aborted) {
      break;
    }
    const sending = options.send(call).then((result) => {
      ledger = enter(ledger, result);
      underWay.delete(sending);
      options.progress.update(ledger.sent, `${ledger.failed} failed`);
    });
    underWay.add(sending);
  }
  await Promise.all(underWay);
  options.progress.finish();
  return ledger;
};

/** Waits until a call is due: its distance from the first timed call, divided by the speed. */
const startWatch = ({ clock, speed, signal }: ReplayOptions): ((call: RecordedCall) => Promise<void>) => {
  let first: { readonly atMs: number; readonly startedMs: number } | null = null;
  return async ({ atMs }) => {
    if (atMs === null) {
      return;
    }
    first ??= { atMs, startedMs: clock.monotonicMs() };
    const dueMs = first.startedMs + (atMs - first.atMs) / speed - clock.monotonicMs();
    if (dueMs > 0) {
      await clock.sleep(dueMs, signal);
    }
  };
};
