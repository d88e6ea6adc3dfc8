import { hostname } from "node:os";
import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Bus } from "./bus.ts";
import type { EmbeddedBusConfig } from "./config.ts";
import { openEmbeddedStorage } from "./embedded-storage.ts";
import { LogBus } from "./log-bus.ts";
import { checkFormat } from "./log-format.ts";
import { isProcessRunning } from "./process-running.ts";

/** What the embedded bus works with. */
export interface EmbeddedBusDeps {
  /** The folder of the log; it is made when it is missing. Any number of processes may open it, each of them once. */
  readonly dir: string;
  readonly config: EmbeddedBusConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/**
 * Opens the log in `dir`. Rejects with `data.read_only` when the folder cannot be made or written, with `data.newer_version`
 * when a newer Plumbline wrote it, with `data.in_use` when this process has it open, else with `bus.unavailable`.
 */
export const openEmbeddedBus = async (deps: EmbeddedBusDeps): Promise<Bus> => {
  const storage = openEmbeddedStorage(deps.dir, deps.config.maxBytes);
  try {
    await checkFormat(storage, deps.dir);
  } catch (error) {
    await storage.close();
    throw error;
  }
  return new LogBus({ ...deps, storage, pid: process.pid, host: hostname(), isRunning: isProcessRunning });
};
