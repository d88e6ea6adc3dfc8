import { chmodSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { busConfig } from "../../bus/config.ts";
import { openEmbeddedStorage } from "../../bus/embedded-storage.ts";
import { logFormat } from "../../bus/log-format.ts";
import { PlumblineError } from "../../core/errors.ts";
import { drain, inSession } from "./consume.ts";
import { message, numbers } from "./contract-messages.ts";
import { openBus } from "./open-bus.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const nobody = 65_534;

const refusalOf = (opening: Promise<unknown>): Promise<PlumblineError> =>
  opening.then(
    () => {
      throw new Error("The bus was opened.");
    },
    (error: unknown) => {
      if (error instanceof PlumblineError) return error;
      throw error;
    },
  );

/** Runs `work` as a user whom file permissions bind; the superuser may write anywhere. */
const asOrdinaryUser = async <T>(work: () => Promise<T>): Promise<T> => {
  const user = process.geteuid?.();
  if (user !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(user);
  }
};

describe("the folder of the embedded bus", () => {
  test("is made with its parents, even with a dot in its name", async () => {
    const dir = join(newFolder(), "new", "bus.v1");
    const bus = await openBus({ dir });
    await bus.publish(message("t", "1"));
    await bus.close();
    const again = await openBus({ dir });
    expect(await drain(again, { topic: "t", group: "g" }, 1)).toHaveLength(1);
    await again.close();
  });

  test("that cannot be written is refused with its reason", async () => {
    const dir = newFolder();
    chmodSync(dir, 0o555);
    const error = await asOrdinaryUser(() => refusalOf(openBus({ dir })));
    expect(error.code).toBe("data.read_only");
    expect(error.message).toContain(dir);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("that holds a log which cannot be written is refused", async () => {
    const dir = newFolder();
    await (await openBus({ dir })).close();
    chmodSync(dir, 0o777);
    chmodSync(join(dir, "data.mdb"), 0o444);
    chmodSync(join(dir, "lock.mdb"), 0o666);
    const error = await asOrdinaryUser(() => refusalOf(openBus({ dir })));
    expect(error.code).toBe("data.read_only");
  });

  test("cannot be a file", async () => {
    const dir = join(newFolder(), "file");
    writeFileSync(dir, "");
    expect((await refusalOf(openBus({ dir }))).code).toBe("data.read_only");
  });

  test.each([
    { name: "other bytes", bytes: Buffer.alloc(20_000, 1) },
    { name: "a log that was cut short", bytes: null },
  ])("that holds $name is refused with its reason", async ({ bytes }) => {
    const dir = newFolder();
    await (await openBus({ dir })).close();
    if (bytes === null) truncateSync(join(dir, "data.mdb"), 100);
    else writeFileSync(join(dir, "data.mdb"), bytes);
    const error = await refusalOf(openBus({ dir }));
    expect(error.code).toBe("bus.unavailable");
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("that a newer Plumbline wrote is refused and left as it is", async () => {
    const dir = newFolder();
    await (await openBus({ dir })).close();
    const storage = openEmbeddedStorage(dir, 1);
    await storage.transact(() => storage.state.put(["format"], logFormat + 1));
    await storage.close();
    expect((await refusalOf(openBus({ dir }))).code).toBe("data.newer_version");
    expect((await refusalOf(openBus({ dir }))).code).toBe("data.newer_version");
  });

  test("is opened once by a process", async () => {
    const dir = newFolder();
    const bus = await openBus({ dir });
    expect((await refusalOf(openBus({ dir }))).code).toBe("data.in_use");
    await bus.close();
    await (await openBus({ dir })).close();
  });
});

describe("a topic", () => {
  test("keeps the partitions it was first used with, which is said once", async () => {
    const dir = newFolder();
    const first = await openBus({ dir, config: { partitions: 2 } });
    await first.publish(message("old", "1"));
    await first.close();
    const lines: unknown[] = [];
    const write = (...line: readonly unknown[]): void => {
      lines.push(line);
    };
    const bus = await openBus({ dir, config: { partitions: 3 }, log: { info: write, warn: write, error: write } });
    for (const topic of ["old", "new"])
      await Promise.all(numbers(12).map((index) => bus.publish(message(topic, String(index)))));
    const partitionsOf = async (topic: string): Promise<number> =>
      new Set((await drain(bus, { topic, group: "g" }, 12)).map(({ partition }) => partition)).size;
    expect([await partitionsOf("old"), await partitionsOf("new")]).toEqual([2, 3]);
    await bus.close();
    expect(lines).toEqual([[{ topic: "old", partitions: 2, configured: 3 }, "the topic keeps its partitions"]]);
  });
});

describe("a transaction", () => {
  test("that throws leaves nothing behind, and others go on", async () => {
    const storage = openEmbeddedStorage(newFolder(), 1);
    const failing = storage.transact(() => {
      storage.state.put(["bytes", 1], 1);
      throw new Error("in the middle");
    });
    await expect(failing).rejects.toThrow("in the middle");
    await storage.transact(() => storage.state.put(["bytes", 2], 2));
    storage.refresh();
    expect(storage.state.list(["bytes"])).toEqual([{ key: ["bytes", 2], value: 2 }]);
    await storage.close();
  });
});

describe("limits", () => {
  test("a record above maxRecordBytes is refused for good", async () => {
    const bus = await openBus({ dir: newFolder(), config: { maxRecordBytes: 1024 } });
    const error = await refusalOf(bus.publish(message("t", "x".repeat(1025))));
    expect([error.code, error.isRetryable]).toEqual(["bus.too_large", false]);
    await bus.publish(message("t", "x".repeat(1000)));
    await bus.close();
  });

  test("publishes above maxPublishBytesInFlight wait for their turn and keep their order", async () => {
    const bus = await openBus({ dir: newFolder(), config: { maxPublishBytesInFlight: 65_536 } });
    const values = numbers(50).map((index) => `${index} `.padEnd(10_000, "."));
    await Promise.all(values.map((value) => bus.publish(message("t", value))));
    const { result } = await inSession(bus, { topic: "t", group: "g" }, ({ read }) =>
      read({ from: 0, maxRecords: 50, maxBytes: 1 << 20, waitMs: 0 }),
    );
    expect(result.records.map(({ value }) => Number.parseInt(new TextDecoder().decode(value), 10))).toEqual(
      numbers(50),
    );
    await bus.close();
  });

  test("publishes that wait for their turn are stored when the bus is closed meanwhile", async () => {
    const dir = newFolder();
    const bus = await openBus({ dir, config: { maxPublishBytesInFlight: 65_536 } });
    const publishing = numbers(50).map(() => bus.publish(message("t", "x".repeat(10_000))));
    await bus.close();
    await Promise.all(publishing);
    const again = await openBus({ dir });
    expect(await drain(again, { topic: "t", group: "g" }, 50)).toHaveLength(50);
    await again.close();
  });

  test("an empty configuration is the default", () => {
    expect(busConfig.parse({})).toEqual({
      kind: "embedded",
      partitions: 1,
      maxBytes: 10 * 1024 ** 3,
      retentionHours: 168,
      maxRecordBytes: 16 * 1024 ** 2,
      maxPublishBytesInFlight: 64 * 1024 ** 2,
      pollMs: 20,
      leaseMs: 10_000,
    });
  });
});
