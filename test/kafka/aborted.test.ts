import { expect, test } from "vitest";
import { kafkaBusConfig } from "../../bus/config.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { administer, kafkaClient } from "../servers/kafka-client.ts";
import { kafkaOfFile } from "../servers/kafka-of-file.ts";

const kafka = kafkaOfFile();
const producers = 8;

test("what transactions that were under way at once leave behind when they are aborted is never read", async () => {
  const brokers = kafka().bootstrap;
  const client = kafkaClient(brokers);
  const topic = "aborted";
  await administer(client, (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true }),
  );
  const open = await Promise.all(
    Array.from({ length: producers }, async (_, index) => {
      const producer = client.producer({ transactionalId: `t${index}`, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      return producer;
    }),
  );
  const send = (values: readonly string[]) =>
    Promise.all(
      open.map(async (producer, index) => {
        const transaction = await producer.transaction();
        for (const value of values) {
          await transaction.send({
            topic,
            acks: -1,
            messages: [{ key: "\0\0\0\0", value: `${value}-${index}`, partition: 0 }],
          });
        }
        return transaction;
      }),
    );
  const expected: string[] = [];
  for (const round of ["a", "b", "c"]) {
    for (const transaction of await send([`${round}-1`, `${round}-2`])) await transaction.abort();
    for (const transaction of await send([`${round}-kept`])) await transaction.commit();
    expected.push(...open.map((_, index) => `${round}-kept-${index}`));
  }
  await Promise.all(open.map((producer) => producer.disconnect()));

  const config = kafkaBusConfig.parse({ kind: "kafka", brokers, partitions: 1, replicationFactor: 1 });
  const bus = openKafkaBus({ config, clock: systemClock, ids: randomIds, log: silentLog });
  const read: string[] = [];
  for await (const { value } of bus.browse(topic)) read.push(Buffer.from(value).toString());
  await bus.close();
  expect(read.toSorted()).toEqual(expected.toSorted());
}, 120_000);
