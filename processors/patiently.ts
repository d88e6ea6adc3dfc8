import { PlumblineError } from "../core/errors.ts";
import type { Line } from "./line.ts";
import { stage } from "./line.ts";

/**
 * Does `work` until it succeeds, with pauses that double from `retryMs` to `maxRetryMs`; `what` is who has to answer. Rejects
 * at once with an error that is for good, and with any other when the session is to end.
 */
export const patiently = async (
  line: Pick<Line, "clock" | "config" | "log" | "meter" | "session">,
  what: string,
  work: () => Promise<void>,
): Promise<void> => {
  const { clock, config, log, meter, session } = line;
  let failure = await failureOf(work);
  if (failure === null) {
    return;
  }
  const place = { topic: session.topic, partition: session.partition };
  log.warn({ ...place, err: failure.message }, `${what} is away; waiting`);
  const awaySinceMs = clock.monotonicMs();
  let pauseMs = config.retryMs;
  while (failure !== null) {
    meter.add("stageErrors", 1, { stage, code: failure.code });
    await clock.sleep(pauseMs, session.signal);
    if (session.signal.aborted) {
      throw failure;
    }
    pauseMs = Math.min(pauseMs * 2, config.maxRetryMs);
    failure = await failureOf(work);
  }
  log.info({ ...place, waitedMs: Math.round(clock.monotonicMs() - awaySinceMs) }, `${what} is back`);
};

/** The error that may pass, or null when the work succeeded; an error for good is thrown. */
const failureOf = async (work: () => Promise<void>): Promise<PlumblineError | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof PlumblineError && error.isRetryable) {
      return error;
    }
    throw error;
  }
};
