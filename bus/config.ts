import { z } from "zod";

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const gibibyte = 1024 * mebibyte;

const embeddedBusConfig = z.strictObject({
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
    .describe("Bytes that the records of all topics may take together; at least 64 KiB, default 10 GiB."),
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

/** Configuration of the bus, by `kind`. */
export const busConfig = z.discriminatedUnion("kind", [embeddedBusConfig]).prefault({});

/** Parsed configuration of the embedded bus. */
export type EmbeddedBusConfig = z.infer<typeof embeddedBusConfig>;
