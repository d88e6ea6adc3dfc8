import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Settings } from "./load-settings.ts";
import type { PrometheusMeter } from "./prometheus-meter.ts";

/** What every role is started with. */
export interface Runtime {
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: PrometheusMeter;
}

/** A role that runs. */
export interface Running {
  /** Lines for the person who started it: what is served where. */
  readonly lines: readonly string[];
  /** Ends the role; everything it accepted is saved, or durable on the bus, when this resolves. */
  readonly stop: () => Promise<void>;
}
