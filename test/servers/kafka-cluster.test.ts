import { expect, test } from "vitest";
import { aliveBrokers } from "./alive-brokers.ts";
import type { Broker } from "./broker.ts";
import { administer, kafkaClient, publishTexts } from "./kafka-client.ts";
import { kafkaOfFile } from "./kafka-of-file.ts";

const limitMs = 180_000;
const running = kafkaOfFile({ brokers: 3 });

test("three brokers lose nothing when a leader is killed, and then the controller", { timeout: limitMs }, async () => {
  const { brokers, bootstrap, controller } = running();
  const client = kafkaClient(bootstrap);

  const create = (topic: string) =>
    administer(client, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true }));
  const endOf = (topic: string) => administer(client, async (admin) => (await admin.fetchTopicOffsets(topic))[0]?.high);
  const leaderOf = (topic: string) =>
    administer(client, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions[0]?.leader;
    });

  /** Kills a broker and waits until the others know. */
  const kill = async (broker: Broker | null | undefined): Promise<void> => {
    await broker?.kill();
    const others = brokers.filter(({ pid }) => pid !== null);
    const ids = others.map(({ id }) => id);
    expect(ids.length).toBe(2);
    const known = () =>
      Promise.all(others.map(async ({ port }) => (await aliveBrokers(port)).toSorted((a, b) => a - b)));
    await expect.poll(known, { timeout: limitMs }).toEqual([ids, ids]);
  };

  await create("first");
  await publishTexts(client, "first", ["a"]);
  const before = await leaderOf("first");
  const leader = brokers.find(({ id }) => id === before);
  await kill(leader);
  await publishTexts(client, "first", ["b"]);
  expect(await leaderOf("first")).not.toBe(before);
  await leader?.start();

  const led = await controller();
  await kill(led);
  await create("second");
  await publishTexts(client, "second", ["c"]);
  await publishTexts(client, "first", ["d"]);
  expect((await controller())?.id).not.toBe(led?.id);
  expect({ first: await endOf("first"), second: await endOf("second") }).toEqual({ first: "3", second: "1" });
});
