import type { Bus } from "../../bus/bus.ts";
import { openEmbeddedBus } from "../../bus/embedded.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import type { Runtime } from "../runtime.ts";

/** Opens the bus that the configuration names. */
export const openBus = async ({ settings, folder, clock, ids, log }: Runtime): Promise<Bus> => {
  const config = settings.config.bus;
  switch (config.kind) {
    case "kafka":
      return openKafkaBus({ config, clock, ids, log });
    case "embedded":
      return openEmbeddedBus({ dir: folder.bus, config, clock, ids, log });
  }
};
