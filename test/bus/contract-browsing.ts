import { describe, expect, test } from "vitest";
import type { BrowsedRecord, Bus } from "../../bus/bus.ts";
import { inSession } from "./consume.ts";
import type { OpenForTest } from "./contract-messages.ts";
import { codeOf, message, numbers, textOf } from "./contract-messages.ts";

const browsed = async (bus: Bus, topic: string): Promise<readonly BrowsedRecord[]> => {
  const records: BrowsedRecord[] = [];
  for await (const record of bus.browse(topic)) records.push(record);
  return records;
};

/** What every bus promises to a reader without a group. */
export const browsingContract = (openBus: OpenForTest): void => {
  describe("browsing", () => {
    test("finds every record whole, each partition in order, and again when it is repeated", async () => {
      const { bus } = await openBus(3);
      const sent = numbers(40).map((index) => `${index}`);
      for (const text of sent) await bus.publish({ ...message("shown", text, `k${text}`), headers: { name: text } });
      const records = await browsed(bus, "shown");
      expect(await browsed(bus, "shown")).toEqual(records);
      expect(records.map(({ value }) => Number(textOf(value))).sort((a, b) => a - b)).toEqual(numbers(40));
      for (const { key, headers, value, appendedAtMs } of records) {
        expect({ key, headers }).toEqual({ key: `k${textOf(value)}`, headers: { name: textOf(value) } });
        expect(appendedAtMs).toBeGreaterThan(0);
      }
      const places = records.map(({ partition, offset }) => [partition, offset] as const);
      expect(places).toEqual([...places].sort(([p, o], [q, r]) => p - q || o - r));
      expect(new Set(places.map(([partition]) => partition)).size).toBeGreaterThan(1);
    });

    test("ends where the topic ended when it began, however long it is", async () => {
      const { bus } = await openBus();
      await Promise.all(numbers(1_500).map((index) => bus.publish(message("growing", String(index)))));
      const found: number[] = [];
      for await (const { value } of bus.browse("growing")) {
        if (found.length === 0) await bus.publish(message("growing", "later"));
        found.push(Number(textOf(value)));
      }
      expect(found.sort((a, b) => a - b)).toEqual(numbers(1_500));
    });

    test("can be left in the middle", async () => {
      const { bus } = await openBus();
      for (const index of numbers(3)) await bus.publish(message("left", String(index)));
      for await (const { value } of bus.browse("left")) {
        expect(textOf(value)).toBe("0");
        break;
      }
      expect(await browsed(bus, "left")).toHaveLength(3);
    });

    test("of a topic that was never used finds nothing", async () => {
      const { bus } = await openBus();
      expect(await browsed(bus, "nowhere")).toEqual([]);
    });

    test("leaves a group's position alone", async () => {
      const { bus } = await openBus();
      for (const index of numbers(3)) await bus.publish(message("both", String(index)));
      const { subscription } = await inSession(bus, { topic: "both", group: "g" }, ({ commit }) =>
        commit({ offset: 1, metadata: "one" }),
      );
      await subscription.stop();
      expect(await browsed(bus, "both")).toHaveLength(3);
      const { result } = await inSession(bus, { topic: "both", group: "g" }, async ({ committed }) => committed);
      expect(result).toEqual({ offset: 1, metadata: "one" });
    });

    test("of a closed bus is refused", async () => {
      const { bus } = await openBus();
      await bus.publish(message("closed", "0"));
      await bus.close();
      expect(await browsed(bus, "closed").then(() => "found", codeOf)).toBe("bus.closed");
    });
  });
};
