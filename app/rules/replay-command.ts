import { replayRules } from "../../alerts/rules/replay-rules.ts";
import { processEnvironment } from "../../config/environment.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { parseDuration } from "../ask/parse-duration.ts";
import { createLog } from "../create-log.ts";
import { openDataFolder } from "../data-folder.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadSettings } from "../load-settings.ts";
import { createProgress } from "../progress.ts";
import { namedRules } from "./named-rules.ts";
import { replayJson, replayText } from "./replay-text.ts";

/** What `plumbline rules replay` is told. */
export interface ReplayFlags {
  readonly since: string;
  readonly every?: string;
  readonly json?: boolean;
  readonly config?: string;
}

/** Runs rules over what is stored and prints what would have fired; a rule that could not be replayed makes it a failure. */
export const replay = async (name: string, flags: ReplayFlags): Promise<number> => {
  const sinceMs = parseDuration(flags.since);
  const everyMs = parseDuration(flags.every ?? (sinceMs > 86_400_000 ? "5m" : "1m"));
  const settings = loadSettings(flags.config, processEnvironment());
  const { rules: config } = settings.config.alerts;
  const rules = namedRules(name, config);
  const folder = openDataFolder(settings.config.data.dir);
  // Loaded here, because every command and the gateway load this file, and few need a database.
  const { openReadStore } = await import("../roles/open-store.ts");
  const log = createLog("error", "rules");
  const { store, close } = await openReadStore({ settings, folder, clock: systemClock, ids: randomIds, log });
  const toMs = systemClock.nowMs();
  const total = Math.floor(sinceMs / everyMs) + 1;
  const progress = createProgress({ total, target: process.stderr, nowMs: systemClock.monotonicMs });
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  try {
    const result = await replayRules({
      ...{ rules, store, fromMs: toMs - sinceMs, toMs, everyMs, signal: interrupted.signal },
      ...{ amounts: config.amounts, maxSeries: config.maxSeries },
      onLook: (done) => progress.update(done, "looks"),
    });
    progress.finish();
    process.stdout.write(flags.json === true ? replayJson(result) : replayText(result));
    return result.problems.some(({ isOff }) => !isOff) ? exitCodes.failed : exitCodes.ok;
  } finally {
    await close();
  }
};
