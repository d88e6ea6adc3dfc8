import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import type { Store } from "../store/store.ts";
import type { ProcessorsConfig } from "./config.ts";

/** What the processors work with. */
export interface ProcessorsDeps {
  readonly bus: Bus;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: ProcessorsConfig;
  /** Version of Plumbline, written to dead letters. */
  readonly version: string;
}
