import type { Clock } from "../../core/clock.ts";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { ProgressTarget } from "../progress.ts";
import type { CanaryClient, CanaryTold } from "./canary-client.ts";
import { canaryLine } from "./canary-text.ts";

/** What a canary is followed with. */
export interface WatchDeps {
  readonly client: Pick<CanaryClient, "find">;
  readonly clock: Pick<Clock, "sleep">;
  /** A terminal has one line that is drawn anew; anything else gets a line for each change. */
  readonly target: ProgressTarget;
  readonly signal: AbortSignal;
}

const everyMs = 2_000;
/** Looks in a row that may find nobody: a system that is started anew is waited for. */
const mostMissed = 30;

/** Follows a canary until it has ended, or until `signal` aborts; resolves with how it stands then. */
export const watchCanary = async (deps: WatchDeps, started: CanaryTold): Promise<CanaryTold> => {
  const { client, clock, signal, target } = deps;
  const line = createLine(target);
  let told = started;
  let missed = 0;
  while (told.endedAtMs === null && !signal.aborted) {
    line.draw(canaryLine(told), changeOf(told));
    await clock.sleep(everyMs, signal);
    try {
      told = await client.find(told.id);
      missed = 0;
    } catch (error) {
      missed += 1;
      if (missed > mostMissed || !(error instanceof PlumblineError && error.isRetryable)) {
        throw error;
      }
      line.draw(`${messageOf(error)} Trying on.`, "missed");
    }
  }
  line.finish();
  return told;
};

const changeOf = ({ status, verdict, stage, share }: CanaryTold): string =>
  `${status} ${verdict} ${stage.index} ${share}`;

const createLine = (target: ProgressTarget) => {
  let drawn = "";
  return {
    draw: (text: string, change: string): void => {
      if (target.isTTY === true) {
        target.write(`\r${text.slice(0, (target.columns ?? 80) - 1)}\u001b[K`);
      } else if (change !== drawn) {
        target.write(`${text}\n`);
      }
      drawn = change;
    },
    finish: (): void => {
      if (target.isTTY === true) target.write("\r\u001b[K");
    },
  };
};
