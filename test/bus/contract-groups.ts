import { describe, expect, test } from "vitest";
import type { Subscription } from "../../bus/bus.ts";
import { drain, ended, inSession, readToEnd } from "./consume.ts";
import type { OpenForTest } from "./contract-messages.ts";
import { message, numbers, textOf } from "./contract-messages.ts";

/** What every bus promises about consumer groups. */
export const groupsContract = (openBus: OpenForTest): void => {
  describe("a group", () => {
    test("goes on from what it committed when a session fails", async () => {
      const { bus } = await openBus();
      for (const index of numbers(3)) await bus.publish(message("again", String(index)));
      const errors: unknown[] = [];
      const runs: unknown[] = [];
      const failure = new Error("the first session fails");
      const second = Promise.withResolvers<void>();
      const subscription = bus.consume({
        topic: "again",
        group: "g",
        onError: (error) => errors.push(error),
        onPartition: async (session) => {
          const records = await readToEnd(session, session.committed.offset);
          runs.push({ committed: session.committed, read: records.map(({ value }) => textOf(value)) });
          if (runs.length === 1) {
            await session.commit({ offset: 1, metadata: "one is done" });
            throw failure;
          }
          second.resolve();
          await ended(session.signal);
        },
      });
      await second.promise;
      await subscription.stop();
      expect(errors).toEqual([failure]);
      expect(runs).toEqual([
        { committed: { offset: 0, metadata: "" }, read: ["0", "1", "2"] },
        { committed: { offset: 1, metadata: "one is done" }, read: ["1", "2"] },
      ]);
    });

    test("finds its offset and metadata again when the bus is opened anew", async () => {
      const { bus, reopen } = await openBus();
      await bus.publish(message("kept", "0"));
      await inSession(bus, { topic: "kept", group: "g" }, ({ commit }) => commit({ offset: 1, metadata: "plan é ☂" }));
      await bus.close();
      const again = await reopen();
      const { result } = await inSession(again, { topic: "kept", group: "g" }, async ({ committed, endOffset }) => ({
        committed,
        end: await endOffset(),
      }));
      expect(result).toEqual({ committed: { offset: 1, metadata: "plan é ☂" }, end: 1 });
    });

    test("tells how far it is in every partition, whoever works it, and a new one where it would begin", async () => {
      const { bus } = await openBus(2);
      const positions = (group: string): Promise<unknown> => bus.progress("far", group);
      expect(await positions("g")).toEqual([]);
      for (const index of numbers(3)) await bus.publish({ ...message("far", String(index)), partition: 1 });
      expect(await positions("g")).toEqual([
        { partition: 0, committed: 0, end: 0 },
        { partition: 1, committed: 0, end: 3 },
      ]);
      const committed = Promise.withResolvers<void>();
      const subscription = bus.consume({
        topic: "far",
        group: "g",
        onPartition: async ({ partition, commit, signal }) => {
          if (partition === 1) {
            await commit({ offset: 2, metadata: "" });
            committed.resolve();
          }
          await ended(signal);
        },
      });
      await committed.promise;
      const far = [
        { partition: 0, committed: 0, end: 0 },
        { partition: 1, committed: 2, end: 3 },
      ];
      expect(await positions("g")).toEqual(far);
      await subscription.stop();
      expect(await positions("g")).toEqual(far);
      expect(await positions("other")).toEqual([
        { partition: 0, committed: 0, end: 0 },
        { partition: 1, committed: 0, end: 3 },
      ]);
    });

    test("reads apart from other groups", async () => {
      const { bus } = await openBus();
      await bus.publish(message("shared", "0"));
      await inSession(bus, { topic: "shared", group: "one" }, ({ commit }) => commit({ offset: 1, metadata: "" }));
      const records = await drain(bus, { topic: "shared", group: "two" }, 1);
      expect(records.map(({ value }) => textOf(value))).toEqual(["0"]);
    });

    test("shares the partitions between its consumers, each with one owner at a time", async () => {
      const { bus } = await openBus(4);
      const owners = new Map<number, string>();
      const clashes: string[] = [];
      const watchers = new Set<() => void>();
      const shares = (): string => {
        const counts = new Map<string, number>();
        for (const owner of owners.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
        return [...counts.values()].sort((a, b) => a - b).join(" ");
      };
      const reached = (wanted: string): Promise<void> =>
        new Promise((resolve) => {
          const check = (): void => {
            if (shares() === wanted) resolve();
          };
          watchers.add(check);
          check();
        });
      const join = (owner: string): Subscription =>
        bus.consume({
          topic: "split",
          group: "g",
          onPartition: async ({ partition, signal }) => {
            if (owners.has(partition)) clashes.push(`${owner} got ${partition} of ${owners.get(partition)}`);
            owners.set(partition, owner);
            for (const check of watchers) check();
            await ended(signal);
            owners.delete(partition);
          },
        });
      const first = join("a");
      await reached("4");
      const second = join("b");
      await reached("2 2");
      const third = join("c");
      await reached("1 1 2");
      await first.stop();
      await reached("2 2");
      expect([...owners.values()]).not.toContain("a");
      await Promise.all([second.stop(), third.stop()]);
      expect(clashes).toEqual([]);
      expect(owners.size).toBe(0);
    });
  });
};
