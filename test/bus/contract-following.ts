import { describe, expect, test } from "vitest";
import type { BrowsedRecord, Bus } from "../../bus/bus.ts";
import type { OpenForTest } from "./contract-messages.ts";
import { codeOf, message, numbers, textOf } from "./contract-messages.ts";

/** Follows a topic until `count` records have come, and hands each to `onRecord`. */
const followed = async (
  bus: Bus,
  topic: string,
  args: { readonly count: number; readonly onRecord?: (record: BrowsedRecord) => Promise<void> },
): Promise<readonly BrowsedRecord[]> => {
  const records: BrowsedRecord[] = [];
  const stopping = new AbortController();
  for await (const record of bus.follow(topic, { signal: stopping.signal })) {
    records.push(record);
    await args.onRecord?.(record);
    if (records.length === args.count) stopping.abort();
  }
  return records;
};

const valuesOf = (records: readonly BrowsedRecord[]): readonly string[] => records.map(({ value }) => textOf(value));

/** What every bus promises to a reader without a group that stays. */
export const followingContract = (openBus: OpenForTest): void => {
  describe("following", () => {
    test("finds what there is, then what is appended, each partition in order", async () => {
      const { bus } = await openBus(3);
      const publish = (index: number): Promise<void> => bus.publish(message("lasting", `${index}`, `k${index}`));
      for (const index of numbers(20)) await publish(index);
      let sent = 20;
      const onRecord = async (): Promise<void> => {
        if (sent < 40) {
          sent += 1;
          await publish(sent - 1);
        }
      };
      const records = await followed(bus, "lasting", { count: 40, onRecord });
      expect([...valuesOf(records)].map(Number).sort((a, b) => a - b)).toEqual(numbers(40));
      for (const partition of [0, 1, 2]) {
        const offsets = records.filter((record) => record.partition === partition).map(({ offset }) => offset);
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      }
      expect(new Set(records.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    });

    test("begins before the topic is there", async () => {
      const { bus } = await openBus();
      const following = followed(bus, "to-come", { count: 1 });
      await bus.publish(message("to-come", "first"));
      expect(valuesOf(await following)).toEqual(["first"]);
    });

    test("of two followers each finds everything", async () => {
      const { bus } = await openBus();
      const both = Promise.all([1, 2].map(() => followed(bus, "shared", { count: 3 })));
      for (const index of numbers(3)) await bus.publish(message("shared", String(index)));
      expect((await both).map(valuesOf)).toEqual([
        ["0", "1", "2"],
        ["0", "1", "2"],
      ]);
    });

    test("leaves no position behind", async () => {
      const { bus } = await openBus();
      await bus.publish(message("unheld", "0"));
      expect(valuesOf(await followed(bus, "unheld", { count: 1 }))).toEqual(["0"]);
      expect(valuesOf(await followed(bus, "unheld", { count: 1 }))).toEqual(["0"]);
    });

    test("ends at once when its signal aborts while nothing comes", async () => {
      const { bus } = await openBus();
      const stopping = new AbortController();
      const iterator = bus.follow("silent", { signal: stopping.signal })[Symbol.asyncIterator]();
      const next = iterator.next();
      stopping.abort();
      expect(await next).toEqual({ done: true, value: undefined });
    });

    test("ends with the bus", async () => {
      const { bus } = await openBus();
      await bus.publish(message("ending", "0"));
      const iterator = bus.follow("ending", { signal: new AbortController().signal })[Symbol.asyncIterator]();
      expect((await iterator.next()).value).toMatchObject({ offset: 0 });
      const next = iterator.next().then(() => "found", codeOf);
      await bus.close();
      expect(await next).toBe("bus.closed");
    });

    test("does not keep a bus from closing that nobody reads on", async () => {
      const { bus } = await openBus();
      for (const index of numbers(3)) await bus.publish(message("left-open", String(index)));
      const iterator = bus.follow("left-open", { signal: new AbortController().signal })[Symbol.asyncIterator]();
      await iterator.next();
      await bus.close();
      const rest = numbers(3).map(() => iterator.next());
      const outcomes = await Promise.allSettled(rest);
      expect(outcomes.flatMap((each) => (each.status === "rejected" ? [codeOf(each.reason)] : []))).toEqual([
        "bus.closed",
      ]);
    });
  });
};
