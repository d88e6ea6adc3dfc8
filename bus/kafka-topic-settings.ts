import { topics } from "../core/topics.ts";
import type { KafkaBusConfig } from "./config.ts";

/** Topics of which only the newest record of each key counts. */
const compacted: ReadonlySet<string> = new Set([topics.verdicts]);

/** Topics of which an older record of a key is of no use, nor any that is too old: what still counts is said again. */
const compactedAndAged: ReadonlySet<string> = new Set([topics.spending]);

/** Topics whose records are of no use after so many hours: what they say is said again, or stored. */
const longestHours: Readonly<Record<string, number>> = { [topics.census]: 24 };

/** Settings of a topic that the bus creates. */
export const topicSettings = (topic: string, config: KafkaBusConfig): Readonly<Record<string, string>> => ({
  ...(compacted.has(topic)
    ? { "cleanup.policy": "compact" }
    : {
        "cleanup.policy": compactedAndAged.has(topic) ? "compact,delete" : "delete",
        "retention.ms": String(Math.round(hoursOf(topic, config) * 3_600_000)),
      }),
  // A record batch has some bytes of its own around the records.
  "max.message.bytes": String(config.maxRecordBytes + batchOverheadBytes),
  // With three replicas a write survives the loss of one broker, and goes on without it.
  "min.insync.replicas": String(config.replicationFactor >= 3 ? 2 : 1),
  // Foreign producers may use codecs that the client cannot unpack: the brokers pack their batches anew.
  "compression.type": config.compression === "none" ? "producer" : config.compression,
});

const hoursOf = (topic: string, { retentionHours }: KafkaBusConfig): number =>
  Math.min(retentionHours, longestHours[topic] ?? retentionHours);

/** Bytes of a record batch around its only record, generously: header 61, record header up to 30. */
export const batchOverheadBytes = 1_024;
