import { z } from "zod";
import { secret } from "../config/secret.ts";

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const gibibyte = 1024 * mebibyte;

/** Configuration of the embedded bus. */
export const embeddedBusConfig = z.strictObject({
  kind: z.literal("embedded").default("embedded").describe("Which bus: `embedded` is a log in the data folder."),
  partitions: z
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .describe("Partitions of a topic, fixed when the topic is first used; 1 to 1024, default 1."),
  maxBytes: z
    .int()
    .min(64 * kibibyte)
    .default(10 * gibibyte)
    .describe(
      "Bytes that the records of all topics may take together, a sixteenth of them only dead letters and verdicts; at least 64 KiB, default 10 GiB.",
    ),
  retentionHours: z
    .number()
    .positive()
    .max(87_600)
    .default(168)
    .describe("Hours after which a record that every group is done with is removed; above 0, default 168."),
  maxRecordBytes: z
    .int()
    .min(kibibyte)
    .max(gibibyte)
    .default(16 * mebibyte)
    .describe("Bytes that one record may have with its key and headers; 1 KiB to 1 GiB, default 16 MiB."),
  maxPublishBytesInFlight: z
    .int()
    .min(64 * kibibyte)
    .default(64 * mebibyte)
    .describe("Bytes that may wait for the disk before publishers wait as well; at least 64 KiB, default 64 MiB."),
  pollMs: z
    .int()
    .min(1)
    .max(60_000)
    .default(20)
    .describe("Milliseconds between two looks of an idle reader for records of other processes; default 20."),
  leaseMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe("Milliseconds after which the partitions of a silent consumer go to another; default 10000."),
});

/** Configuration of the bus on Kafka. */
export const kafkaBusConfig = z.strictObject({
  kind: z.literal("kafka").describe("Which bus: `kafka` is an Apache Kafka cluster, 3.9 or 4."),
  client: z.enum(["kafkajs"]).default("kafkajs").describe("Client library that speaks to the brokers."),
  brokers: z
    .array(z.string().regex(/^[^:]+:\d{1,5}$/, "expected host:port"))
    .min(1)
    .describe("Brokers to begin with, each `host:port`; they tell about the others."),
  clientId: z.string().min(1).default("plumbline").describe("Name by which the brokers' logs and quotas know us."),
  partitions: z.int().min(1).max(4_096).default(6).describe("Partitions of a topic that is created; default 6."),
  replicationFactor: z
    .int()
    .min(1)
    .max(9)
    .default(3)
    .describe(
      "Copies of a topic that is created, at most the number of brokers; default 3. From 3 on, 2 must be in sync.",
    ),
  retentionHours: z
    .number()
    .positive()
    .max(87_600)
    .default(168)
    .describe("Hours that a topic which is created keeps its records, read or not; above 0, default 168."),
  maxRecordBytes: z
    .int()
    .min(kibibyte)
    .max(64 * mebibyte)
    .default(1_000_000)
    .describe("Bytes that one record may have with its key and headers; 1 KiB to 64 MiB, default 1000000."),
  maxPublishBytesInFlight: z
    .int()
    .min(64 * kibibyte)
    .default(64 * mebibyte)
    .describe("Bytes that may wait for the brokers before publishers wait as well; at least 64 KiB, default 64 MiB."),
  compression: z.enum(["zstd", "gzip", "none"]).default("zstd").describe("How record batches are packed."),
  lingerMs: z
    .int()
    .min(0)
    .max(10_000)
    .default(5)
    .describe("Milliseconds that a request which is not full waits for more records; default 5."),
  fetchBytes: z
    .int()
    .min(64 * kibibyte)
    .max(gibibyte)
    .default(16 * mebibyte)
    .describe("Bytes that are fetched ahead of a partition's reader before fetching pauses; default 16 MiB."),
  requestTimeoutMs: z
    .int()
    .min(1_000)
    .max(300_000)
    .default(15_000)
    .describe("Milliseconds that a broker has for an answer; default 15000."),
  sessionTimeoutMs: z
    .int()
    .min(6_000)
    .max(1_800_000)
    .default(30_000)
    .describe("Milliseconds after which the partitions of a silent consumer go to another; default 30000."),
  heartbeatMs: z
    .int()
    .min(100)
    .max(60_000)
    .default(1_000)
    .describe("Milliseconds between two signs of life of a consumer, and how soon it hears of changes; default 1000."),
  transactionTimeoutMs: z
    .int()
    .min(1_000)
    .max(900_000)
    .default(15_000)
    .describe(
      "Milliseconds after which brokers roll back what a dead gateway left open, and readers go on; default 15000.",
    ),
  tls: z
    .strictObject({
      caFile: z
        .string()
        .min(1)
        .optional()
        .describe("File with the certificates of authorities to trust; the system's when absent."),
      certFile: z.string().min(1).optional().describe("File with this client's certificate."),
      keyFile: z.string().min(1).optional().describe("File with the key of this client's certificate."),
      serverName: z
        .string()
        .min(1)
        .optional()
        .describe("Name that the brokers' certificates are checked against; their host when absent."),
    })
    .optional()
    .describe("Encrypts connections; plain when absent."),
  sasl: z
    .strictObject({
      mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]).describe("How the password is proved."),
      username: z.string().min(1).describe("Who this client is."),
      password: secret(),
    })
    .optional()
    .describe("Credentials for the brokers; anonymous when absent."),
});

/** Configuration of the bus, by `kind`. */
export const busConfig = z
  .discriminatedUnion("kind", [embeddedBusConfig, kafkaBusConfig])
  .prefault({ kind: "embedded" });

/** Parsed configuration of the embedded bus. */
export type EmbeddedBusConfig = z.infer<typeof embeddedBusConfig>;

/** Parsed configuration of the bus on Kafka. */
export type KafkaBusConfig = z.infer<typeof kafkaBusConfig>;
