import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Bus } from "../../bus/bus.ts";
import { embeddedBusConfig } from "../../bus/config.ts";
import { openEmbeddedBus } from "../../bus/embedded.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";

/** Puts records on the embedded bus that nobody can decode, while others use it. */
export const poison = async ({ dir, records }: { readonly dir: string; readonly records: number }): Promise<void> => {
  const bus = await openEmbeddedBus({
    dir: join(dir, "plumbline-data", "bus"),
    config: embeddedBusConfig.parse({}),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });
  try {
    await publishPoison(bus, records);
  } finally {
    await bus.close();
  }
};

/** Publishes random bytes, and the beginnings of protobuf messages that promise more than they hold. */
export const publishPoison = async (bus: Bus, records: number): Promise<void> => {
  for (let index = 0; index < records; index += 1) {
    const noise = randomBytes(1 + (index % 400));
    const value = index % 2 === 0 ? noise : Buffer.concat([Uint8Array.of(0x0a, 0xff, 0xff, 0x03), noise]);
    await bus.publish({ topic: topics.spans, key: null, value });
  }
};
