import { describe, expect, test } from "vitest";
import type { Bus } from "../../bus/bus.ts";
import { drain, ended, inSession } from "./consume.ts";
import type { OpenForTest } from "./contract-messages.ts";
import { codeOf, message, numbers, textOf } from "./contract-messages.ts";

/** What every bus promises about repeated publishes, stopping and closing. */
export const endingsContract = (openBus: OpenForTest): void => {
  describe("a producer", () => {
    test("can publish again what was stored, and it is stored once", async () => {
      const { bus, reopen } = await openBus(2);
      const send = (target: Bus, sequence: number): Promise<void> =>
        target.publish({ ...message("once", String(sequence), "key"), producer: { id: "p/1 ☂", sequence } });
      await Promise.all([1, 2, 3].map((sequence) => send(bus, sequence)));
      await Promise.all([2, 3].map((sequence) => send(bus, sequence)));
      await bus.close();
      const again = await reopen();
      for (const sequence of [1, 3, 4]) await send(again, sequence);
      await again.publish({ ...message("once", "other", "key"), producer: { id: "p/2", sequence: 1 } });
      expect(await again.lastSequence("once", "p/1 ☂")).toBe(4);
      expect(await again.lastSequence("once", "nobody")).toBe(0);
      expect(await again.lastSequence("elsewhere", "p/1 ☂")).toBe(0);
      const records = await drain(again, { topic: "once", group: "g" }, 5);
      expect(records.map(({ value }) => textOf(value))).toEqual(["1", "2", "3", "4", "other"]);
    });
  });

  describe("stopping", () => {
    test("lets the batch under way finish and commit", async () => {
      const { bus } = await openBus();
      await bus.publish(message("batch", "0"));
      const started = Promise.withResolvers<void>();
      const mayFinish = Promise.withResolvers<void>();
      const steps: string[] = [];
      const subscription = bus.consume({
        topic: "batch",
        group: "g",
        onPartition: async ({ signal, commit }) => {
          started.resolve();
          await ended(signal);
          steps.push("asked to end");
          await mayFinish.promise;
          await bus.publish(message("elsewhere", "last words"));
          await commit({ offset: 1, metadata: "finished" });
          steps.push("committed");
        },
      });
      await started.promise;
      const stopping = subscription.stop().then(() => steps.push("stopped"));
      for (const index of numbers(3)) await bus.publish(message("elsewhere", String(index)));
      steps.push("let go");
      mayFinish.resolve();
      await stopping;
      expect(steps).toEqual(["asked to end", "let go", "committed", "stopped"]);
      const { result } = await inSession(bus, { topic: "batch", group: "g" }, async ({ committed }) => committed);
      expect(result).toEqual({ offset: 1, metadata: "finished" });
    });

    test("closing settles every publish, and keeps what it acknowledged", async () => {
      const { bus, reopen } = await openBus();
      const publishing = numbers(200).map((index) => bus.publish(message("close", String(index))));
      const closing = bus.close();
      const results = await Promise.allSettled(publishing);
      await closing;
      const refused = await bus.publish(message("close", "late")).then(() => "accepted", codeOf);
      expect(refused).toBe("bus.closed");
      await bus.close();
      const kept = numbers(200).filter((index) => results[index]?.status === "fulfilled");
      expect(kept.length).toBeGreaterThan(0);
      const records = await drain(await reopen(), { topic: "close", group: "g" }, kept.length);
      expect(records.map(({ value }) => Number(textOf(value)))).toEqual(expect.arrayContaining([...kept]));
    });

    test("closing ends the sessions", async () => {
      const { bus } = await openBus();
      const { result: signal } = await inSession(bus, { topic: "t", group: "g" }, async (session) => session.signal);
      await bus.close();
      expect(signal.aborted).toBe(true);
    });
  });
};
