import type { Bus } from "../../bus/bus.ts";
import { openEmbeddedBus } from "../../bus/embedded.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import type { Runtime } from "../runtime.ts";

/** What a bus is opened with. */
export type BusRuntime = Pick<Runtime, "settings" | "folder" | "clock" | "ids" | "log">;

/** Opens the bus that the configuration names. */
export const openBus = async ({ settings, folder, clock, ids, log }: BusRuntime): Promise<Bus> => {
  const config = settings.config.bus;
  switch (config.kind) {
    case "kafka":
      return openKafkaBus({ config, clock, ids, log });
    case "embedded":
      return openEmbeddedBus({ dir: folder.bus, config, clock, ids, log });
  }
};
