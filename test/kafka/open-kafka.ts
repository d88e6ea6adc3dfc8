import { randomUUID } from "node:crypto";
import type { Bus } from "../../bus/bus.ts";
import type { KafkaBusConfig } from "../../bus/config.ts";
import { kafkaBusConfig } from "../../bus/config.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import type { BusUnderTest } from "../bus/contract.ts";
import type { Kafka } from "../servers/kafka.ts";

/** A bus on a cluster, with its names kept apart from those of other tests on it. */
export const openKafkaUnderTest = (kafka: Kafka, config: Partial<KafkaBusConfig>): BusUnderTest => {
  const prefix = randomUUID().slice(0, 8);
  const open = (): Bus => apart(openOn(kafka, config), prefix);
  return { bus: open(), reopen: async () => open() };
};

/** A bus on a cluster, with one replica of each topic unless the test says otherwise. */
const openOn = (kafka: Pick<Kafka, "bootstrap">, config: Partial<KafkaBusConfig>): Bus =>
  openKafkaBus({
    config: kafkaBusConfig.parse({ kind: "kafka", brokers: kafka.bootstrap, replicationFactor: 1, ...config }),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });

const apart = (bus: Bus, prefix: string): Bus => {
  const named = (name: string): string => `${prefix}-${name}`;
  return {
    publish: ({ producer, ...message }) =>
      bus.publish({
        ...message,
        topic: named(message.topic),
        ...(producer === undefined ? {} : { producer: { ...producer, id: named(producer.id) } }),
      }),
    lastSequence: (topic, producerId) => bus.lastSequence(named(topic), named(producerId)),
    consume: (options) => bus.consume({ ...options, topic: named(options.topic), group: named(options.group) }),
    progress: (topic, group) => bus.progress(named(topic), named(group)),
    browse: (topic) => bus.browse(named(topic)),
    follow: (topic, options) => bus.follow(named(topic), options),
    close: () => bus.close(),
  };
};
