import { systemClock } from "../../../core/clock.ts";
import { silentLog } from "../../../core/log.ts";
import { consoleConfig } from "../../../dashboards/config.ts";
import type { Ask } from "../../../dashboards/console/answers.ts";
import type { ConsoleDeps } from "../../../dashboards/console/console.ts";
import { createConsole } from "../../../dashboards/console/console.ts";

/** Commands that the empty page of a test suggests. */
export const tryNext = [
  { title: "Send a call", command: "curl http://127.0.0.1:8080/v1/chat/completions -d '{}'" },
  { title: "Replay recorded calls", command: "npx plumbline replay calls.jsonl.gz --speed 100" },
] as const;

/** Starts a console on a free port of loopback; whoever starts it closes it. */
export const startTestConsole = async (
  ask: Ask,
  changes: Partial<ConsoleDeps> = {},
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const page = createConsole({
    config: consoleConfig.parse({ port: 0, refreshSeconds: 1 }),
    ask,
    trustMinutes: 30,
    tryNext,
    metricsText: async () => "# HELP up Whether it is up.\n",
    isReady: () => true,
    log: silentLog,
    clock: systemClock,
    ...changes,
  });
  return { url: await page.listen(), close: page.close };
};
