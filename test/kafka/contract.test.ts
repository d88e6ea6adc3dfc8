import { describe } from "vitest";
import { busContract } from "../bus/contract.ts";
import { kafkaOfFile } from "../servers/kafka-of-file.ts";
import { kafkaVersions } from "../servers/kafka-versions.ts";
import { openKafkaUnderTest } from "./open-kafka.ts";

describe.each(Object.values(kafkaVersions))("Apache Kafka %s", { timeout: 120_000 }, (version) => {
  const kafka = kafkaOfFile({ version });
  busContract({ name: "kafkajs", open: async (partitions) => openKafkaUnderTest(kafka(), { partitions }) });
});
