import { describe, expect, test } from "vitest";
import { kafkaBusConfig } from "../../bus/config.ts";
import { KafkaConsumer } from "../../bus/kafka-consumer.ts";
import type { KafkaDriver } from "../../bus/kafka-driver.ts";
import { busErrorOf } from "../../bus/kafka-errors.ts";
import { silentLog } from "../../core/log.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { fakeBrokers } from "./fake-driver.ts";

const minuteMs = 60_000;

/** Joins a group whose coordinator answers with an error of the protocol for so long, and tells the errors that were reported. */
const joinWhile = async (type: string, failingMs: number) => {
  const clock = virtualClock();
  const reported: unknown[] = [];
  let joins = 0;
  const endMs = clock.monotonicMs() + failingMs;
  const driver: KafkaDriver = {
    ...fakeBrokers(() => "ok").driver,
    join: async () => {
      if (clock.monotonicMs() < endMs) throw busErrorOf(Object.assign(new Error("refused"), { type }));
      joins += 1;
      return {
        pause: () => {},
        resume: () => {},
        seek: () => {},
        rejoin: () => {},
        commit: async () => "committed",
        stop: async () => {},
      };
    },
  };
  const config = kafkaBusConfig.parse({ kind: "kafka", brokers: ["127.0.0.1:9092"] });
  const consumer = new KafkaConsumer(
    { driver, config, clock, log: silentLog },
    { topic: "t", group: "g", onPartition: async () => {}, onError: (error) => reported.push(error) },
  );
  await clock.advanceUntil(clock.sleep(minuteMs), 100);
  await consumer.stop();
  return { reported: reported.length, joins };
};

describe("a Kafka consumer whose group cannot be joined", () => {
  test("says nothing of a coordinator that is soon back", async () => {
    expect(await joinWhile("GROUP_LOAD_IN_PROGRESS", 10_000)).toEqual({ reported: 0, joins: 1 });
  });

  test("tells of a coordinator that does not come back in a quarter of a minute, and joins when it does", async () => {
    const { reported, joins } = await joinWhile("GROUP_COORDINATOR_NOT_AVAILABLE", 30_000);
    expect([reported > 0, joins]).toEqual([true, 1]);
  });

  test("tells of every other failure at once", async () => {
    const { reported, joins } = await joinWhile("GROUP_AUTHORIZATION_FAILED", 1_000);
    expect([reported > 0, joins]).toEqual([true, 1]);
  });
});
