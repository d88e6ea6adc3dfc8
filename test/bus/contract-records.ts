import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drain, inSession, readToEnd } from "./consume.ts";
import type { OpenForTest } from "./contract-messages.ts";
import { codeOf, message, numbers, textOf } from "./contract-messages.ts";

const anyText = fc.string({ unit: "grapheme", maxLength: 12 });
const anyMessage = fc.record({
  key: fc.option(anyText),
  value: fc.uint8Array({ maxLength: 300 }),
  headers: fc.dictionary(anyText, anyText, { maxKeys: 3, noNullPrototype: true }),
});

/** What every bus promises about records and reads. */
export const recordsContract = (openBus: OpenForTest): void => {
  describe("records", () => {
    test("come back byte for byte, with their keys and headers, in the order of publishing", async () => {
      const { bus } = await openBus();
      let topics = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(anyMessage, { minLength: 1, maxLength: 8 }), async (messages) => {
          topics += 1;
          const topic = `bytes-${topics}`;
          for (const each of messages) await bus.publish({ topic, ...each });
          const records = await drain(bus, { topic, group: "g" }, messages.length);
          expect(records.map(({ offset }) => offset)).toEqual(numbers(messages.length));
          expect(records.map(({ key, value, headers }) => ({ key, value: [...value], headers }))).toEqual(
            messages.map(({ key, value, headers }) => ({ key, value: [...value], headers })),
          );
        }),
        { numRuns: 25 },
      );
    });

    test("of one key keep their order, in one partition, however many are published at once", async () => {
      const { bus } = await openBus(4);
      const sent = numbers(400).map((index) => ({ key: `key-${index % 10}`, value: String(index) }));
      await Promise.all(sent.map(({ key, value }) => bus.publish(message("orders", value, key))));
      const records = await drain(bus, { topic: "orders", group: "g" }, sent.length);
      expect(records).toHaveLength(sent.length);
      expect(new Set(records.map(({ partition }) => partition)).size).toBeGreaterThan(1);
      for (const key of new Set(sent.map((each) => each.key))) {
        const ofKey = records.filter((record) => record.key === key);
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
        expect(ofKey.map(({ value }) => textOf(value))).toEqual(
          sent.filter((each) => each.key === key).map(({ value }) => value),
        );
      }
    });

    test("without a key use every partition", async () => {
      const { bus } = await openBus(3);
      await Promise.all(numbers(30).map((index) => bus.publish(message("spread", String(index)))));
      const records = await drain(bus, { topic: "spread", group: "g" }, 30);
      expect(new Set(records.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    });

    test("go to the partition that they name, and to none that is not there", async () => {
      const { bus } = await openBus(3);
      for (const index of numbers(12)) {
        await bus.publish({ ...message("named", String(index), "key"), partition: index % 3 });
      }
      const records = await drain(bus, { topic: "named", group: "g" }, 12);
      for (const { partition, value } of records) expect(Number(textOf(value)) % 3).toBe(partition);
      for (const partition of [3, -1, 0.5]) {
        const publishing = bus.publish({ ...message("named", "nowhere"), partition });
        expect(await publishing.then(() => "published", codeOf)).toBe("bus.unknown_partition");
      }
      await bus.publish(message("named", "12"));
      expect(await drain(bus, { topic: "named", group: "g2" }, 13)).toHaveLength(13);
    });

    test("of two topics do not mix", async () => {
      const { bus } = await openBus();
      await bus.publish(message("one", "1"));
      await bus.publish(message("two", "2"));
      const records = await drain(bus, { topic: "two", group: "g" }, 1);
      expect(records.map(({ value }) => textOf(value))).toEqual(["2"]);
    });

    test("stay as they were read while others are read and written", async () => {
      const { bus } = await openBus();
      await bus.publish(message("kept", "first"));
      const { result } = await inSession(bus, { topic: "kept", group: "g" }, async (session) => {
        const first = await readToEnd(session, 0);
        for (const index of numbers(50)) await bus.publish(message("kept", "x".repeat(index * 100)));
        await readToEnd(session, 0);
        return first;
      });
      expect(result.map(({ value }) => textOf(value))).toEqual(["first"]);
    });
  });

  describe("a read", () => {
    test("keeps to its bounds, and returns one record at least", async () => {
      const { bus } = await openBus();
      for (const index of numbers(10)) await bus.publish(message("bounds", String(index).repeat(100)));
      const base = { maxRecords: 100, maxBytes: 1 << 20, waitMs: 0 };
      const { result } = await inSession(bus, { topic: "bounds", group: "g" }, async ({ read, endOffset }) => {
        const offsets = async (options: Partial<Parameters<typeof read>[0]>): Promise<readonly number[]> =>
          (await read({ ...base, from: 0, ...options })).records.map(({ offset }) => offset);
        return {
          end: await endOffset(),
          all: await offsets({}),
          byRecords: await offsets({ from: 2, maxRecords: 3 }),
          byBytes: await offsets({ maxBytes: 250 }),
          tooSmall: await offsets({ from: 4, maxBytes: 1 }),
          until: await offsets({ from: 6, until: 8 }),
          untilNothing: await offsets({ from: 8, until: 8, waitMs: 60_000 }),
          atEnd: await offsets({ from: 10 }),
        };
      });
      expect(result).toEqual({
        end: 10,
        all: numbers(10),
        byRecords: [2, 3, 4],
        byBytes: [0, 1, 2],
        tooSmall: [4],
        until: [6, 7],
        untilNothing: [],
        atEnd: [],
      });
    });

    test("waits for a record that is published later", async () => {
      const { bus } = await openBus();
      const { result } = await inSession(bus, { topic: "later", group: "g" }, async ({ read }) => {
        const reading = read({ from: 0, maxRecords: 10, maxBytes: 1000, waitMs: 60_000 });
        await bus.publish(message("later", "here"));
        return reading;
      });
      expect(result.records.map(({ value }) => textOf(value))).toEqual(["here"]);
    });

    test("that waits ends empty when its session is to end", async () => {
      const { bus } = await openBus();
      const reading = Promise.withResolvers<void>();
      const read = Promise.withResolvers<number>();
      const subscription = bus.consume({
        topic: "silent",
        group: "g",
        onPartition: async (session) => {
          reading.resolve();
          const { records } = await session.read({ from: 0, maxRecords: 10, maxBytes: 1000, waitMs: 600_000 });
          read.resolve(records.length);
        },
      });
      await reading.promise;
      await subscription.stop();
      expect(await read.promise).toBe(0);
    });
  });
};
