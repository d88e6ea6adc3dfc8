import { Kafka, logLevel } from "kafkajs";
import { describe, expect, test } from "vitest";
import { kafkaOfFile } from "./kafka-of-file.ts";

const limitMs = 60_000;

const clientOf = (brokers: string[]): Kafka =>
  new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 20 } });

/** Publishes texts to a topic, all of which must be stored by every replica in step. */
const publish = async (kafka: Kafka, topic: string, values: readonly string[]): Promise<void> => {
  const producer = kafka.producer();
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
  } finally {
    await producer.disconnect();
  }
};

/** Runs `work` with an administrator's connection. */
const administer = async <T>(kafka: Kafka, work: (admin: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

describe("one broker", () => {
  const running = kafkaOfFile();

  test("it keeps what it acknowledged when it is killed and started again", { timeout: limitMs }, async () => {
    const { bootstrap, brokers } = running();
    const [broker] = brokers;
    const client = clientOf(bootstrap);
    await administer(client, (admin) => admin.createTopics({ topics: [{ topic: "kept", numPartitions: 1 }] }));
    await publish(client, "kept", ["a", "b", "c"]);
    const before = broker?.pid;
    await broker?.kill();
    expect(broker?.pid).toBeNull();
    await broker?.start();
    expect(broker?.pid).not.toBe(before);
    const offsets = await administer(client, (admin) => admin.fetchTopicOffsets("kept"));
    expect(offsets).toEqual([{ partition: 0, offset: "3", high: "3", low: "0" }]);
  });
});
