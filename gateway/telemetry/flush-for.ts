import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { SpoolConfig } from "./spool-config.ts";

/** What a flush with an end needs. */
export interface FlushForDeps {
  readonly clock: Clock;
  readonly config: Pick<SpoolConfig, "stopMs">;
  readonly log: Log;
}

/** Flushes for at most `stopMs`; what the bus has not taken by then stays in the spool, and that is told. */
export const flushFor = async (flush: () => Promise<void>, { clock, config, log }: FlushForDeps): Promise<void> => {
  const timeout = new AbortController();
  const flushed = flush().then(
    () => true,
    () => false,
  );
  const isFlushed = await Promise.race([flushed, clock.sleep(config.stopMs, timeout.signal).then(() => false)]);
  timeout.abort();
  if (!isFlushed) {
    log.warn({}, "the bus did not take all calls in time: what is left is shipped at the next start");
  }
};
