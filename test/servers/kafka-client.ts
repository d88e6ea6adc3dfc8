import type { Admin } from "kafkajs";
import { Kafka, logLevel } from "kafkajs";

/** A client of a test's brokers that says nothing, and tries again for as long as a broker takes to be replaced. */
export const kafkaClient = (brokers: string[]): Kafka =>
  new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    requestTimeout: 5000,
    retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 60 },
  });

/** Does work with an administrator's connection and closes it. */
export const administer = async <T>(client: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Publishes texts to the first partition of a topic; resolves when every replica in step has them. */
export const publishTexts = async (client: Kafka, topic: string, texts: readonly string[]): Promise<void> => {
  const producer = client.producer();
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: texts.map((value) => ({ value, partition: 0 })) });
  } finally {
    await producer.disconnect();
  }
};
