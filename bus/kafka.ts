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

/** The bus on the brokers that the configuration names. It connects when it is first used: a gateway starts while they are down. */
export const openKafkaBus = ({ config, clock, ids, log }: OpenKafkaBusDeps): Bus =>
  new KafkaBus({ driver: openKafkajsDriver(config, connectionOptions(config)), config, clock, ids, log });
