import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KafkaBatches } from "../../bus/kafka-batches.ts";
import type { OutgoingRecord } from "../../bus/kafka-driver.ts";
import { KafkaSequences } from "../../bus/kafka-sequences.ts";
import { systemClock } from "../../core/clock.ts";
import { numbers, textOf } from "./contract-messages.ts";
import type { Fate } from "./fake-driver.ts";
import { fakeBrokers } from "./fake-driver.ts";

const recordOf = (text: string): OutgoingRecord => ({
  topic: "t",
  partition: 0,
  key: null,
  value: new TextEncoder().encode(text),
  headers: {},
});

const anyFates = fc.array(fc.constantFrom<Fate>("before", "after", "ok"), { maxLength: 40 });

/** Fates one after the other; all is well when they are used up. */
const inTurn = (fates: readonly Fate[]): (() => Fate) => {
  const left = [...fates];
  return () => left.shift() ?? "ok";
};

describe("records of a numbering producer", () => {
  test("are each there once and in order, whichever requests fail before or after their effect", async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, fc.integer({ min: 1, max: 12 }), async (fates, count) => {
        const { driver, log } = fakeBrokers(inTurn(fates));
        const sequences = new KafkaSequences(driver);
        const send = (index: number): Promise<void> =>
          sequences.append({ record: recordOf(String(index)), producerId: "p", sequence: index + 1 });
        // All at once first; what failed is sent again, in order, until it is taken.
        const outcomes = await Promise.allSettled(numbers(count).map(send));
        for (const [index, { status }] of outcomes.entries()) {
          let isStored = status === "fulfilled";
          while (!isStored) {
            isStored = await send(index).then(
              () => true,
              () => false,
            );
          }
        }
        expect(log.map(({ value }) => textOf(value))).toEqual(numbers(count).map(String));
        expect(await sequences.last("t", "p")).toBe(count);
        await sequences.close();
      }),
    );
  });

  test("come no more from a process whose successor has asked for the last sequence", async () => {
    const { driver, log } = fakeBrokers(() => "ok");
    const dead = new KafkaSequences(driver);
    const successor = new KafkaSequences(driver);
    await dead.append({ record: recordOf("1"), producerId: "p", sequence: 1 });
    expect(await successor.last("t", "p")).toBe(1);
    const late = dead.append({ record: recordOf("2"), producerId: "p", sequence: 2 });
    await expect(late).rejects.toMatchObject({ code: "bus.unavailable" });
    await successor.append({ record: recordOf("2"), producerId: "p", sequence: 2 });
    expect(log.map(({ value }) => textOf(value))).toEqual(["1", "2"]);
  });
});

describe("records without a number", () => {
  test("that were acknowledged are there, in order, whichever requests fail", async () => {
    await fc.assert(
      fc.asyncProperty(anyFates, async (fates) => {
        const { driver, log } = fakeBrokers(inTurn(fates));
        const batches = new KafkaBatches({ driver, clock: systemClock, lingerMs: 0, batchBytes: 3 });
        const outcomes = await Promise.allSettled(
          numbers(8).map((index) => batches.append(recordOf(String(index)), 1)),
        );
        await batches.close();
        const stored = log.map(({ value }) => textOf(value));
        const acknowledged = outcomes.flatMap(({ status }, index) => (status === "fulfilled" ? [String(index)] : []));
        expect(stored.filter((text) => acknowledged.includes(text))).toEqual(acknowledged);
      }),
    );
  });
});
