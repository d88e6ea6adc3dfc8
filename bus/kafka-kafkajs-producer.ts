import type { CompressionTypes, Kafka } from "kafkajs";
import { PlumblineError } from "../core/errors.ts";
import type { KafkaProducer, KafkaTransactions, OutgoingRecord } from "./kafka-driver.ts";
import { asBusError } from "./kafka-errors.ts";

type Sender = Pick<ReturnType<Kafka["producer"]>, "sendBatch">;

/** Opens an idempotent producer. */
export const openProducer = async (kafka: Kafka, compression: CompressionTypes): Promise<KafkaProducer> => {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  await producer.connect();
  return {
    send: (records) => asBusError(() => sendAll(producer, { records, compression })),
    close: () => asBusError(() => producer.disconnect()),
  };
};

/** Opens a transactional producer; every earlier one of the same id is fenced when it resolves. */
export const openTransactions = async (
  kafka: Kafka,
  args: { readonly id: string; readonly timeoutMs: number; readonly compression: CompressionTypes },
): Promise<KafkaTransactions> => {
  const producer = kafka.producer({
    transactionalId: args.id,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    transactionTimeout: args.timeoutMs,
    // A transaction that follows another at once is refused until the brokers have marked the end of that one: milliseconds.
    retry: { initialRetryTime: 4, maxRetryTime: 1_000, retries: 12 },
  });
  await producer.connect();
  try {
    // The client fences earlier producers when it begins its first transaction, not when it connects.
    await (await producer.transaction()).abort();
  } catch (error) {
    await producer.disconnect();
    throw error;
  }
  return {
    transact: ({ records, group, topic, sequence }) =>
      asBusError(async () => {
        const transaction = await producer.transaction();
        try {
          await sendAll(transaction, { records, compression: args.compression });
          const partitions = [{ partition: 0, offset: String(sequence) }];
          await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic, partitions }] });
        } catch (error) {
          // Left open it would keep readers from everything behind it until it times out.
          await transaction.abort().catch(() => {});
          throw error;
        }
        await transaction.commit();
      }),
    close: () => asBusError(() => producer.disconnect()),
  };
};

const sendAll = async (
  sender: Sender,
  args: { readonly records: readonly OutgoingRecord[]; readonly compression: CompressionTypes },
): Promise<void> => {
  const byTopic = Map.groupBy(args.records, ({ topic }) => topic);
  const answers = await sender.sendBatch({
    acks: -1,
    compression: args.compression,
    topicMessages: [...byTopic].map(([topic, records]) => ({
      topic,
      messages: records.map(({ key, value, partition, headers }) => ({
        key,
        partition,
        headers: { ...headers },
        value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      })),
    })),
  });
  // When a leader moves during a retry, the client can leave out a partition and answer as if all were well.
  const answered = new Set(
    answers.filter(({ errorCode }) => errorCode === 0).map((each) => place(each.topicName, each)),
  );
  const missing = args.records.find((record) => !answered.has(place(record.topic, record)));
  if (missing !== undefined) {
    throw new PlumblineError("bus.unavailable", `Kafka: ${place(missing.topic, missing)} was not acknowledged.`);
  }
};

const place = (topic: string, { partition }: { readonly partition: number }): string => `${topic}:${partition}`;
