import type { Bus, PartitionSession, Subscription } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { topics } from "../core/topics.ts";

/** Work that one process at a time does. */
export interface LeaderWork {
  /** Begins; resolves when it is under way. */
  readonly start: () => Promise<void>;
  /** Ends what was begun, also when that only began in part. */
  readonly stop: () => Promise<void>;
}

/** What it takes to lead. */
export interface LeadDeps {
  readonly bus: Pick<Bus, "consume">;
  readonly clock: Clock;
  readonly log: Log;
}

const group = "plumbline.alerts";
/** Who owns this partition leads. */
const leading = 0;
/** Nothing is read: positions are moved to the end now and then, so that retention waits for nobody. */
const commitEveryMs = 60_000;

/**
 * Does work in one of all processes that call this with one bus: the one to which the bus assigns the first partition of the
 * gateways' reports. When it dies, or stops, another goes on.
 */
export const whileLeading = ({ bus, clock, log }: LeadDeps, work: LeaderWork): Subscription =>
  bus.consume({
    topic: topics.census,
    group,
    onPartition: (session) => (session.partition === leading ? lead(session, work, clock) : hold(session, clock)),
    onError: (error) => log.error({ err: messageOf(error) }, "what the alerts role does stopped, and is begun again"),
  });

const lead = async (session: PartitionSession, work: LeaderWork, clock: Clock): Promise<void> => {
  try {
    await work.start();
    await hold(session, clock);
  } finally {
    await work.stop();
  }
};

const hold = async (session: PartitionSession, clock: Clock): Promise<void> => {
  while (!session.signal.aborted) {
    await session.commit({ offset: await session.endOffset(), metadata: "" });
    await clock.sleep(commitEveryMs, session.signal);
  }
};
