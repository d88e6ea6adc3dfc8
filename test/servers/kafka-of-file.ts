import { afterAll, beforeEach } from "vitest";
import { needsKafka } from "../support/needs.ts";
import type { Kafka, KafkaOptions } from "./kafka.ts";
import { startKafka } from "./kafka.ts";

// The first start of a release may have to fetch it.
const startLimitMs = 300_000;
const stopLimitMs = 100_000;

/**
 * Starts one Kafka before the first test of a file or `describe` that needs it, and stops it after the last one. Where
 * Java or Maven is missing, the tests are skipped and say so. The answer is valid within a test.
 */
export const kafkaOfFile = (options: KafkaOptions = {}): (() => Kafka) => {
  let starting: Promise<Kafka> | null = null;
  let kafka: Kafka | null = null;
  beforeEach(async (context) => {
    needsKafka(context, options.version);
    starting ??= startKafka(options);
    kafka = await starting;
  }, startLimitMs);
  afterAll(async () => {
    // A start that a hook gave up on goes on, and what it brings up must end too.
    const started = await starting?.catch(() => null);
    await started?.stop();
  }, stopLimitMs);
  return () => {
    if (kafka === null) throw new Error("Kafka is started before each test: ask for it within one.");
    return kafka;
  };
};
