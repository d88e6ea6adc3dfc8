import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { BusRead, Committed, PartitionSession, ReadOptions } from "./bus.ts";
import { guardedRead } from "./guarded-read.ts";
import { readBounds } from "./log-state.ts";
import type { LogStorage } from "./log-storage.ts";
import type { Assignment, Tenure } from "./membership.ts";
import { commitPosition } from "./membership.ts";
import { readRecords } from "./read-records.ts";
import { recordsOf } from "./subjects.ts";
import type { Wakeups } from "./wakeups.ts";
import type { WriteQueue } from "./write-queue.ts";

/** What a session works with. */
export interface SessionDeps {
  readonly storage: LogStorage;
  readonly queue: WriteQueue;
  readonly wakeups: Wakeups;
  readonly clock: Clock;
  readonly pollMs: number;
}

/** What was assigned to whom; `controller` aborts the session. */
export interface SessionStart {
  readonly topic: string;
  readonly tenure: Tenure;
  readonly assignment: Assignment;
  readonly controller: AbortController;
}

/** The session of an assigned partition. */
export const openSession = (deps: SessionDeps, start: SessionStart): PartitionSession => {
  const { topic, tenure, assignment, controller } = start;
  const { signal } = controller;
  const { partition } = tenure;
  return {
    topic,
    partition,
    committed: assignment.committed,
    signal,
    read: (options) => readWaiting(deps, { topic, tenure, signal }, options),
    commit: async (committed: Committed) => {
      if (await deps.queue.run(() => commitPosition(deps.storage.state, tenure, committed))) return;
      controller.abort();
      throw new PlumblineError("bus.fenced", `Partition ${partition} of ${topic} belongs to another consumer.`);
    },
    endOffset: async () => {
      deps.storage.refresh();
      return guardedRead(() => readBounds(deps.storage.state, tenure).end);
    },
  };
};

const readWaiting = async (
  { storage, wakeups, clock, pollMs }: SessionDeps,
  { topic, tenure, signal }: Pick<SessionStart, "topic" | "tenure"> & { readonly signal: AbortSignal },
  options: ReadOptions,
): Promise<BusRead> => {
  const deadline = clock.monotonicMs() + options.waitMs;
  while (!signal.aborted) {
    const read = guardedRead(() => {
      storage.refresh();
      return readRecords(storage, tenure, options);
    });
    const leftMs = deadline - clock.monotonicMs();
    const isPast = options.until !== undefined && read.next >= options.until;
    if (read.records.length > 0 || leftMs <= 0 || isPast) return read;
    await wakeups.wait(recordsOf(topic, tenure.partition), Math.min(pollMs, leftMs), signal);
  }
  return { records: [], next: options.from };
};
