import type { Log } from "../core/log.ts";

/** Warnings that say nothing to an operator: kafkajs asks for a timer in the past whenever no broker has slowed it down. */
const harmless: ReadonlySet<string> = new Set(["TimeoutNegativeWarning"]);

/** Sends Node's own warnings to the log, instead of as loose text to standard error. */
export const routeWarnings = (log: Log): void => {
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    if (!harmless.has(name)) {
      log.warn({ warning: name, err: message }, "Node warns");
    }
  });
};
