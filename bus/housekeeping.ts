import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { EmbeddedBusConfig } from "./config.ts";
import { listTopics } from "./log-state.ts";
import type { LogStorage } from "./log-storage.ts";
import { retentionMs } from "./retention-ms.ts";
import type { SilentGroup } from "./trim.ts";
import { forgetSilent, isTrimmable, silentGroups, trimTopic } from "./trim.ts";
import type { WriteQueue } from "./write-queue.ts";

/** What housekeeping works with. */
export interface HousekeepingDeps {
  readonly storage: LogStorage;
  readonly queue: WriteQueue;
  readonly config: EmbeddedBusConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds between two rounds at least. */
const roundMs = 30_000;

/** What one transaction removes at most, so that publishers do not wait for long. */
const slice = { maxBytes: 4 * 1024 * 1024, maxRecords: 1_000 };

/** Runs rounds of housekeeping until `signal` aborts; a failed round is logged and the next one tries again. */
export const keepTidy = async (deps: HousekeepingDeps, signal: AbortSignal): Promise<void> => {
  let suspects: readonly SilentGroup[] = [];
  while (!signal.aborted) {
    try {
      suspects = await tidy(deps, suspects, signal);
    } catch (error) {
      deps.log.warn({ err: error }, "the log could not be trimmed");
    }
    // Consumers give signs of life in less than a lease: between two rounds each that lives has given one.
    await deps.clock.sleep(Math.max(roundMs, deps.config.leaseMs), signal);
  }
};

/**
 * One round: forgets groups that are silent still since the last round, and removes records by age, slice by slice. Returns the
 * groups to suspect in the next round: one look is not enough, since a machine that slept for a week finds all of them silent.
 */
const tidy = async (
  deps: HousekeepingDeps,
  suspects: readonly SilentGroup[],
  signal: AbortSignal,
): Promise<readonly SilentGroup[]> => {
  const { storage, queue, config, clock, log } = deps;
  const untilMs = clock.nowMs() - retentionMs(config);
  storage.refresh();
  storage.dropDeadReaders();
  const forgotten = suspects.length === 0 ? [] : await queue.run(() => forgetSilent(storage.state, suspects));
  for (const { topic, group } of forgotten) {
    log.warn({ topic: topic.name, group, hours: config.retentionHours }, "a group that was not seen is forgotten");
  }
  await removeOld(deps, untilMs, signal);
  return silentGroups(storage.state, untilMs);
};

const removeOld = async (
  { storage, queue }: HousekeepingDeps,
  appendedUntilMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const limits = { appendedUntilMs, isUrgent: false, ...slice };
  storage.refresh();
  for (const topic of listTopics(storage.state)) {
    while (!signal.aborted && isTrimmable(storage, topic, limits)) {
      await queue.run(() => trimTopic(storage, topic, limits), slice.maxBytes);
      storage.refresh();
    }
  }
};
