import { describe, expect, test } from "vitest";
import { z } from "zod";
import { virtualClock } from "../support/virtual-clock.ts";
import { processStarter } from "./child-process.ts";
import { drain, inSession } from "./consume.ts";
import { message, numbers, textOf } from "./contract-messages.ts";
import { openBus } from "./open-bus.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const start = processStarter();

const acknowledgement = z.object({ acknowledged: z.number() });
const isCommitted = (received: unknown): true | undefined =>
  z.object({ committed: z.literal(2) }).safeParse(received).success ? true : undefined;
const outcomeOf = (received: unknown) =>
  z.object({ outcome: z.string(), isAborted: z.boolean() }).safeParse(received).data;

describe("several processes", () => {
  test("publish at once: offsets have no gaps, each process keeps its order, and all of them end by themselves", async () => {
    const dir = newFolder();
    const processes = ["a", "b", "c"].map((id) => start("publish.ts", [dir, id, "150"]));
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual([0, 0, 0]);
    const bus = await openBus({ dir });
    const records = await drain(bus, { topic: "many", group: "g" }, 450);
    await bus.close();
    expect(records.map(({ offset }) => offset)).toEqual(numbers(450));
    for (const id of ["a", "b", "c"]) {
      const values = records.filter(({ key }) => key === id).map(({ value }) => textOf(value));
      expect(values).toEqual(numbers(150).map((index) => `${id}:${index + 1}`));
    }
  });

  test("see each other's records while they wait for some", async () => {
    const dir = newFolder();
    const bus = await openBus({ dir });
    const { result } = await inSession(bus, { topic: "many", group: "g" }, ({ read }) => {
      start("publish.ts", [dir, "a", "1"]);
      return read({ from: 0, maxRecords: 1, maxBytes: 1000, waitMs: 60_000 });
    });
    await bus.close();
    expect(result.records.map(({ value }) => textOf(value))).toEqual(["a:1"]);
  });

  test("lose nothing that was acknowledged when one is killed", async () => {
    const dir = newFolder();
    const publisher = start("publish.ts", [dir, "a", "1000000"]);
    await publisher.message((received) =>
      (acknowledgement.safeParse(received).data?.acknowledged ?? 0) >= 200 ? true : undefined,
    );
    publisher.child.kill("SIGKILL");
    await publisher.exited;
    const acknowledged = publisher.messages.map((received) => acknowledgement.parse(received).acknowledged);
    const bus = await openBus({ dir });
    const last = await bus.lastSequence("many", "a");
    const records = await drain(bus, { topic: "many", group: "g" }, last);
    await bus.close();
    expect(Math.max(...acknowledged)).toBeLessThanOrEqual(last);
    expect(records.map(({ value }) => textOf(value))).toEqual(numbers(last).map((index) => `a:${index + 1}`));
  });
});

describe("the partition of a consumer", () => {
  const group = { topic: "work", group: "g" };

  test("that is killed goes to another at its committed offset, long before the lease expires", async () => {
    const dir = newFolder();
    const bus = await openBus({ dir, config: { leaseMs: 600_000 } });
    for (const index of numbers(3)) await bus.publish(message("work", String(index)));
    const consumer = start("consume.ts", [dir, "work", "600000"]);
    await consumer.message(isCommitted);
    consumer.child.kill("SIGKILL");
    await consumer.exited;
    const { result } = await inSession(bus, group, async ({ committed }) => committed);
    await bus.close();
    expect(result).toEqual({ offset: 2, metadata: "two" });
  });

  test("that stops goes to another at once", async () => {
    const dir = newFolder();
    const bus = await openBus({ dir, config: { leaseMs: 600_000 } });
    const consumer = start("consume.ts", [dir, "work", "600000"]);
    await consumer.message(isCommitted);
    consumer.child.send("close");
    const { result } = await inSession(bus, group, async ({ committed }) => committed);
    await bus.close();
    expect(result.offset).toBe(2);
    consumer.child.send("leave");
    expect(await consumer.exited).toBe(0);
  });

  test("that hangs goes to another when its lease expires, and its late commit is fenced", async () => {
    const dir = newFolder();
    const clock = virtualClock();
    const bus = await openBus({ dir, clock });
    const consumer = start("consume.ts", [dir, "work", "10000", String(clock.nowMs())]);
    await consumer.message(isCommitted);
    const takenOverAt = await clock.advanceUntil(
      inSession(bus, group, async () => clock.monotonicMs()),
      100,
    );
    expect(takenOverAt.result).toBeGreaterThanOrEqual(10_000);
    consumer.child.send("commit");
    expect(await consumer.message(outcomeOf)).toEqual({ outcome: "bus.fenced", isAborted: true });
    await takenOverAt.subscription.stop();
    const { result } = await inSession(bus, group, async ({ committed }) => committed);
    await bus.close();
    expect(result).toEqual({ offset: 2, metadata: "two" });
  });
});

describe("a full disk", () => {
  test("refuses what does not fit, keeps what was acknowledged, and takes what fits", async () => {
    const dir = newFolder();
    const publisher = start("fill-disk.ts", [dir], 4_000);
    const { large, small } = await publisher.message(
      (received) => z.object({ large: z.array(z.string()), small: z.array(z.string()) }).safeParse(received).data,
    );
    expect(await publisher.exited).toBe(0);
    const fitted = large.length - 1;
    expect(fitted).toBeGreaterThan(0);
    expect(large).toEqual([...Array.from({ length: fitted }, () => "acknowledged"), "bus.unavailable true"]);
    expect(small).toEqual(["acknowledged", "acknowledged"]);
    const bus = await openBus({ dir });
    const records = await drain(bus, { topic: "disk", group: "g" }, fitted + 2);
    await bus.close();
    expect(records.map(({ value }) => value.byteLength)).toEqual([
      ...Array.from({ length: fitted }, () => 300_000),
      10,
      10,
    ]);
  });
});
