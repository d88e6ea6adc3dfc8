import type { Bus, GroupProgress } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { isRetryable } from "../core/errors.ts";

/** A group of consumers and what it reads. */
export interface DrainedGroup {
  readonly topic: string;
  readonly group: string;
}

/** What draining is done with. */
export interface DrainDeps {
  readonly bus: Pick<Bus, "progress">;
  readonly clock: Clock;
}

const pollMs = 50;

/**
 * Resolves when a group is done with everything that was in its topic before the call, whoever works it, or after
 * `timeoutMs`; tells which.
 */
export const drain = async (deps: DrainDeps, group: DrainedGroup, timeoutMs: number): Promise<boolean> => {
  const { clock } = deps;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  let ends: ReadonlyMap<number, number> | null = null;
  for (;;) {
    const progress = await progressOf(deps, group);
    ends ??= progress === null ? null : new Map(progress.map(({ partition, end }) => [partition, end]));
    if (progress?.every(({ partition, committed }) => committed >= (ends?.get(partition) ?? 0)) === true) {
      return true;
    }
    if (clock.monotonicMs() >= deadlineMs) {
      return false;
    }
    await clock.sleep(pollMs);
  }
};

/** How far the group is; null while the bus is away. */
const progressOf = async (
  { bus }: DrainDeps,
  { topic, group }: DrainedGroup,
): Promise<readonly GroupProgress[] | null> => {
  try {
    return await bus.progress(topic, group);
  } catch (error) {
    if (!isRetryable(error)) {
      throw error;
    }
    return null;
  }
};
