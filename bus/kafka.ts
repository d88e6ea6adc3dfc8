import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Bus } from "./bus.ts";
import type { KafkaBusConfig } from "./config.ts";
import { KafkaBus } from "./kafka-bus.ts";
import { connectionOptions } from "./kafka-connection.ts";
import { openKafkajsDriver } from "./kafka-kafkajs.ts";

/** What a bus on Kafka works with. */
export interface OpenKafkaBusDeps {
  readonly config: KafkaBusConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Opens the bus on the brokers that the configuration names; rejects with `bus.unavailable` when none can be reached. */
export const openKafkaBus = async ({ config, clock, ids, log }: OpenKafkaBusDeps): Promise<Bus> => {
  const driver = await openKafkajsDriver(config, connectionOptions(config));
  return new KafkaBus({ driver, config, clock, ids, log });
};
