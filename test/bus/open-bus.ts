import type { Bus } from "../../bus/bus.ts";
import type { EmbeddedBusConfig } from "../../bus/config.ts";
import { embeddedBusConfig } from "../../bus/config.ts";
import { openEmbeddedBus } from "../../bus/embedded.ts";
import type { Clock } from "../../core/clock.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import type { Log } from "../../core/log.ts";
import { silentLog } from "../../core/log.ts";

/** What of an embedded bus a test chooses. */
export interface OpenBusOptions {
  readonly dir: string;
  readonly config?: Partial<EmbeddedBusConfig>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Opens an embedded bus with the machine's clock and defaults where a test does not choose. */
export const openBus = ({ dir, config, clock, log }: OpenBusOptions): Promise<Bus> =>
  openEmbeddedBus({
    dir,
    config: embeddedBusConfig.parse({ ...config }),
    clock: clock ?? systemClock,
    ids: randomIds,
    log: log ?? silentLog,
  });
