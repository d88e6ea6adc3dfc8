import type { Bus } from "../../bus/bus.ts";
import type { Runtime } from "../runtime.ts";

/** What a bus is opened with. */
export type BusRuntime = Pick<Runtime, "settings" | "folder" | "clock" | "ids" | "log">;

/** Opens the bus that the configuration names; the client of the other kind is not loaded. */
export const openBus = async ({ settings, folder, clock, ids, log }: BusRuntime): Promise<Bus> => {
  const config = settings.config.bus;
  switch (config.kind) {
    case "kafka": {
      const { openKafkaBus } = await import("../../bus/kafka.ts");
      return openKafkaBus({ config, clock, ids, log });
    }
    case "embedded": {
      const { openEmbeddedBus } = await import("../../bus/embedded.ts");
      return openEmbeddedBus({ dir: folder.bus, config, clock, ids, log });
    }
  }
};
