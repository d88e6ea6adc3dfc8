import { expect, test } from "vitest";
import { listLetters } from "../../app/dlq/list-letters.ts";
import { redriveLetters } from "../../app/dlq/redrive-letters.ts";
import { createProgress } from "../../app/progress.ts";
import type { Bus } from "../../bus/bus.ts";
import { kafkaBusConfig } from "../../bus/config.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";
import { exactly, recordOf, storedSums } from "../processors/ledger.ts";
import { doorOf, setUpLine } from "../processors/set-up-line.ts";
import { kafkaOfFile } from "../servers/kafka-of-file.ts";

const { start, store } = setUpLine();
const kafka = kafkaOfFile();

const work = async (bus: Bus, through = store().store): Promise<void> => {
  const processors = start({ bus, store: through });
  expect(await processors.drain(60_000)).toBe(true);
  await processors.stop();
};

test("a dead letter on Kafka goes back to its partition and is counted once, however often it is sent", async () => {
  const brokers = kafka().bootstrap;
  const config = kafkaBusConfig.parse({ kind: "kafka", brokers, replicationFactor: 1, partitions: 3 });
  const bus = openKafkaBus({ config, clock: systemClock, ids: randomIds, log: silentLog });
  const progress = createProgress({ total: 0, target: { write: () => {} }, nowMs: () => 0 });
  const redriveAll = async () => {
    const letters = (await listLetters(bus)).filter(({ code }) => code === "store.rejected");
    const { signal } = new AbortController();
    return redriveLetters({ bus, letters, isDryRun: false, progress, signal });
  };
  try {
    for (const number of [1, 2, 3, 4, 5, 6]) {
      await bus.publish({ topic: topics.spans, key: null, partition: number % 3, value: recordOf(number) });
      await bus.publish({ topic: topics.spans, key: null, partition: number % 3, value: Uint8Array.of(0xff, number) });
    }
    const refusing = doorOf(store().store, {
      before: ({ calls }) => {
        if (calls.some(({ callId }) => /[25]$/.test(callId))) throw new PlumblineError("store.rejected", "not yet");
      },
    });
    await work(bus, refusing);
    expect(await storedSums(store().store)).toEqual(exactly([1, 3, 4, 6]));
    expect(await listLetters(bus)).toHaveLength(8);
    expect((await redriveAll()).map(({ reason }) => reason)).toEqual([null, null]);
    await redriveAll();
    await work(bus);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3, 4, 5, 6]));
    const ends = (await bus.progress(topics.spans, "processors")).map(({ end }) => end);
    // Numbers 2 and 5 were in the same partition, and so are their four copies.
    expect(ends).toEqual([4, 4, 8]);
  } finally {
    await bus.close();
  }
}, 120_000);
