import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Bus } from "../../bus/bus.ts";
import { embeddedBusConfig, kafkaBusConfig } from "../../bus/config.ts";
import { openEmbeddedBus } from "../../bus/embedded.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";

const shared = { clock: systemClock, ids: randomIds, log: silentLog };

/** A bus to measure with, in one of its forms. */
export interface BenchedBus {
  readonly bus: Bus;
  readonly close: () => Promise<void>;
}

/** Opens the embedded bus in a folder. */
export const benchEmbedded = async (dir: string): Promise<BenchedBus> => {
  mkdirSync(join(dir, "bus"));
  const bus = await openEmbeddedBus({ dir: join(dir, "bus"), config: embeddedBusConfig.parse({}), ...shared });
  return { bus, close: () => bus.close() };
};

const ready = z.object({ bootstrap: z.array(z.string()).min(1) });

/** Starts a broker of its own process on this machine and opens the bus on it. */
export const benchKafka = async (): Promise<BenchedBus> => {
  const child = fork(fileURLToPath(new URL("../../test/servers/serve-kafka.ts", import.meta.url)), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { bootstrap } = await firstMessage(child);
  const config = { kind: "kafka", brokers: bootstrap, partitions: 2, replicationFactor: 1 } as const;
  const bus = openKafkaBus({ config: kafkaBusConfig.parse(config), ...shared });
  return {
    bus,
    close: async () => {
      await bus.close();
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
};

const firstMessage = async (child: ChildProcess): Promise<z.infer<typeof ready>> => {
  const failed = once(child, "exit").then(() => {
    throw new Error("Kafka did not start: it needs Java 17 and Maven");
  });
  const [message] = await Promise.race([once(child, "message"), failed]);
  failed.catch(() => {});
  return ready.parse(message);
};
