import type { SASLOptions as ClientSaslOptions } from "kafkajs";
import kafkajs from "kafkajs";
import { PlumblineError } from "../core/errors.ts";
import type { Committed } from "./bus.ts";
import type { KafkaBusConfig } from "./config.ts";
import { zstdCodec } from "./kafka-compression.ts";
import type { ConnectionOptions, SaslOptions } from "./kafka-connection.ts";
import type { KafkaDriver, KafkaTopic, PartitionOffsets } from "./kafka-driver.ts";
import { asBusError, protocolTypeOf } from "./kafka-errors.ts";
import { hideAbortedRecords } from "./kafka-kafkajs-aborted.ts";
import type { Admin } from "./kafka-kafkajs-admin.ts";
import { AdminLender } from "./kafka-kafkajs-admin.ts";
import { joinGroup } from "./kafka-kafkajs-member.ts";
import { openProducer, openTransactions } from "./kafka-kafkajs-producer.ts";
import { topicSettings } from "./kafka-topic-settings.ts";

const compressions = {
  zstd: kafkajs.CompressionTypes.ZSTD,
  gzip: kafkajs.CompressionTypes.GZIP,
  none: kafkajs.CompressionTypes.None,
} as const;

/** A driver on kafkajs, the client that the project's owner chose. It connects when it is first used. */
export const openKafkajsDriver = (config: KafkaBusConfig, connection: ConnectionOptions): KafkaDriver => {
  hideAbortedRecords();
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstdCodec;
  const { ssl, sasl } = connection;
  const kafka = new kafkajs.Kafka({
    brokers: [...config.brokers],
    clientId: config.clientId,
    connectionTimeout: 5_000,
    requestTimeout: config.requestTimeoutMs,
    retry: { initialRetryTime: 30, maxRetryTime: 1_000, retries: 8 },
    // State changes are logged by the bus; the client would log each attempt of each connection.
    logLevel: kafkajs.logLevel.NOTHING,
    ...(ssl === null ? {} : { ssl }),
    ...(sasl === null ? {} : { sasl: saslOf(sasl) }),
  });
  const admin = new AdminLender(kafka);
  const compression = compressions[config.compression];
  return {
    hasTopic: (topic) => admin.run(async (lent) => (await lent.listTopics()).includes(topic)),
    ensureTopic: (topic) => admin.run((lent) => ensureTopic(lent, topic, config)),
    openProducer: () => asBusError(() => openProducer(kafka, compression)),
    openTransactions: (id) =>
      asBusError(() => openTransactions(kafka, { id, timeoutMs: config.transactionTimeoutMs, compression })),
    committed: (at) => admin.run((lent) => committedOf(lent, at)),
    offsets: (topic) => admin.run((lent) => offsetsOf(lent, topic)),
    join: (args) => asBusError(() => joinGroup(kafka, config, args)),
    forgetGroup: (group) =>
      admin.run(async (lent) => {
        await lent.deleteGroups([group]);
      }),
    close: () => admin.close(),
  };
};

/** The client's type wants each mechanism spelled out. */
const saslOf = ({ mechanism, ...who }: SaslOptions): ClientSaslOptions => {
  switch (mechanism) {
    case "plain":
      return { mechanism, ...who };
    case "scram-sha-256":
      return { mechanism, ...who };
    case "scram-sha-512":
      return { mechanism, ...who };
  }
};

const ensureTopic = async (admin: Admin, topic: string, config: KafkaBusConfig): Promise<KafkaTopic> => {
  const known = await admin.listTopics();
  if (!known.includes(topic)) {
    await createTopic(admin, topic, config);
  }
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions.length ?? 0;
  if (partitions === 0) {
    throw new PlumblineError("bus.unavailable", `Kafka: ${topic} has no partitions yet.`);
  }
  const name = "max.message.bytes";
  // 2 is the protocol's number for topics; the library's own constant is an ambient enum that has no value at run time.
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: topic, configNames: [name] }],
  });
  const limit = described.resources[0]?.configEntries.find((entry) => entry.configName === name)?.configValue;
  return { partitions, maxBatchBytes: limit === undefined ? config.maxRecordBytes : Number(limit) };
};

const createTopic = async (admin: Admin, topic: string, config: KafkaBusConfig): Promise<void> => {
  const configEntries = Object.entries(topicSettings(topic, config)).map(([name, value]) => ({ name, value }));
  const { partitions: numPartitions, replicationFactor } = config;
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor, configEntries }] });
  } catch (error) {
    if (protocolTypeOf(error) !== "TOPIC_ALREADY_EXISTS") throw error;
  }
};

const committedOf = async (
  admin: Admin,
  { group, topic }: { readonly group: string; readonly topic: string },
): Promise<ReadonlyMap<number, Committed>> => {
  const answers = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const committed = new Map<number, Committed>();
  for (const { partition, offset, metadata } of answers.flatMap(({ partitions }) => partitions)) {
    if (Number(offset) >= 0) committed.set(partition, { offset: Number(offset), metadata: metadata ?? "" });
  }
  return committed;
};

const offsetsOf = async (admin: Admin, topic: string): Promise<readonly PartitionOffsets[]> =>
  (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
    partition,
    low: Number(low),
    high: Number(high),
  }));
