import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";

/** A group of consumers and what it reads. */
export interface DrainedGroup {
  readonly topic: string;
  readonly group: string;
}

const pollMs = 50;

/**
 * Resolves when a group is done with everything that was in its topic before the call, whoever works it, or after
 * `timeoutMs`; tells which.
 */
export const drain = async (
  { bus, clock }: { readonly bus: Pick<Bus, "progress">; readonly clock: Clock },
  { topic, group }: DrainedGroup,
  timeoutMs: number,
): Promise<boolean> => {
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  const before = await bus.progress(topic, group);
  const ends = new Map(before.map(({ partition, end }) => [partition, end]));
  for (;;) {
    const now = await bus.progress(topic, group);
    if (now.every(({ partition, committed }) => committed >= (ends.get(partition) ?? 0))) {
      return true;
    }
    if (clock.monotonicMs() >= deadlineMs) {
      return false;
    }
    await clock.sleep(pollMs);
  }
};
