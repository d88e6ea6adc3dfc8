import { readdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Bus } from "../../../bus/bus.ts";
import { systemClock } from "../../../core/clock.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { topics } from "../../../core/topics.ts";
import { bareEnd, bareStart } from "./calls.ts";
import { leaveDead, putOwner } from "./dead-gateway.ts";
import { callIdsOf, sequencesOf } from "./decode-request.ts";
import { keepingLog, openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const down = new PlumblineError("bus.unavailable", "the bus is down");

/** A folder with what a dead gateway left in it, and a bus that works. */
const setUp = async (count: number, segmentBytes = 1_000_000) => {
  const dir = tempFolder();
  const bus = openTestBus();
  bus.setOutage(down);
  const ids = await leaveDead({ dir, bus, gatewayId: "dead", count, segmentBytes });
  bus.setOutage(null);
  const start = async (gatewayId: string, through: Bus = bus) => {
    const log = keepingLog();
    const config = { maxRecordBytes: 4096 };
    return { log, ...(await openTelemetry({ dir, bus: through, clock: systemClock, gatewayId, log, config })) };
  };
  return {
    dir,
    bus,
    ids,
    start,
    names: (): readonly string[] => readdirSync(dir).sort(),
    shipped: () => callIdsOf(bus.recordsOf(topics.spans)),
  };
};

/** The bus for `count` publishes, then an outage; `isDown` resolves when it has come. */
const failingAfter = (bus: Bus, count: number): { readonly bus: Bus; readonly isDown: Promise<void> } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  return {
    isDown: promise,
    bus: {
      ...bus,
      publish: async (message) => {
        left -= message.topic === topics.spans ? 1 : 0;
        if (left < 0) {
          resolve();
          throw down;
        }
        await bus.publish(message);
      },
    },
  };
};

describe("recovery", () => {
  it("ships what a dead gateway left, under its id and sequences, and removes its files", async () => {
    const { bus, ids, start, names, shipped } = await setUp(40, 4096);
    expect(names().length).toBeGreaterThan(5);
    const { flush, stop } = await start("new");
    await flush();
    expect(shipped()).toEqual(ids);
    expect(sequencesOf(bus.recordsOf(topics.spans))).toEqual(ids.map((_, index) => index + 1));
    expect(await bus.lastSequence(topics.spans, "dead")).toBe(40);
    expect(await bus.lastSequence(topics.spans, "new")).toBe(0);
    await stop();
    expect(names()).toEqual([]);
  });

  it("leaves out what is on the bus already", async () => {
    const { bus, ids, start, shipped } = await setUp(10);
    const producer = { id: "dead", sequence: 7 };
    await bus.publish({ topic: topics.spans, key: null, value: new Uint8Array(), producer });
    await (await start("new")).flush();
    expect(shipped()).toEqual(ids.slice(7));
  });

  it("that is cut short again and again is taken over each time, and nothing is there twice", async () => {
    const { bus, ids, start, names, shipped } = await setUp(40, 4096);
    for (const round of [1, 2, 3]) {
      const failing = failingAfter(bus, 2);
      const { stop } = await start(`cut${round}`, failing.bus);
      await failing.isDown;
      await stop();
      expect(names()).toContain(`dead.cut${round}.claim`);
    }
    expect(bus.recordsOf(topics.spans)).toHaveLength(6);
    const { flush, stop } = await start("new");
    await flush();
    expect(shipped()).toEqual(ids);
    await stop();
    expect(names()).toEqual([]);
  });

  it("finds the files of a gateway that had to stop while the bus was down", async () => {
    const { dir, ids, start, shipped } = await setUp(5);
    unlinkSync(join(dir, "dead.owner"));
    await (await start("new")).flush();
    expect(shipped()).toEqual(ids);
  });

  it("by two gateways that start at once ships everything once", async () => {
    const { ids, start, shipped } = await setUp(20, 4096);
    const both = await Promise.all([start("new1"), start("new2")]);
    await Promise.all(both.map(({ flush }) => flush()));
    expect(shipped()).toEqual(ids);
  });

  it("ignores a torn end, and says so", async () => {
    const { dir, ids, start, names, shipped } = await setUp(5);
    const path = join(dir, "dead-1.spool");
    truncateSync(path, readFileSync(path).length - 1);
    const { flush, log } = await start("new");
    await flush();
    expect(shipped()).toEqual(ids.slice(0, -1));
    expect(log.lines).toContain("warn: a spool file ends in a call that was not written whole: ignored");
    expect(names()).toEqual(["new.owner"]);
  });

  it("keeps a file that is damaged in the middle, ships what is readable before it, and goes on with the next", async () => {
    const { dir, ids, start, names, shipped } = await setUp(20, 4096);
    const [first = "", second = ""] = names()
      .filter((name) => name.endsWith(".spool"))
      .sort(bySequence);
    const inFirst = sequenceOf(second) - 1;
    const bytes = readFileSync(join(dir, first));
    const half = Math.floor(bytes.length / 2);
    bytes[half] = (bytes[half] ?? 0) ^ 1;
    writeFileSync(join(dir, first), bytes);
    const { flush, log } = await start("new");
    await flush();
    const found = shipped();
    const kept = found.length - (ids.length - inFirst);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(inFirst);
    expect(found).toEqual([...ids.slice(0, kept), ...ids.slice(inFirst)]);
    expect(log.lines).toContain("error: a spool file is damaged: calls in it were not shipped");
    expect(log.lines).toContain("error: calls are missing from the spool");
    expect(names()).toEqual([`${first}.corrupt`, "new.owner"].sort());
  });

  it("waits for a bus that is down without keeping the gateway from its start", async () => {
    const { bus, start, names } = await setUp(5);
    bus.setOutage(down);
    const { hasRoom, stop } = await start("new");
    expect(hasRoom()).toEqual({ ok: true });
    await stop();
    expect(names()).toContain("dead-1.spool");
  });
});

describe("a living gateway", () => {
  it("keeps its files when others start beside it", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    bus.setOutage(down);
    const open = (gatewayId: string) => openTelemetry({ dir, bus, clock: systemClock, gatewayId });
    const first = await open("a");
    first.recorder.start(bareStart).end(bareEnd);
    await open("b");
    expect(readdirSync(dir).sort()).toEqual(["a-1.spool", "a.owner", "b.owner"]);
  });

  it("is not mistaken for a dead one whose process id it has", async () => {
    const { dir, ids, start, shipped } = await setUp(5);
    putOwner(dir, "dead", { pid: process.pid, startedAt: "another start" });
    await (await start("new")).flush();
    expect(shipped()).toEqual(ids);
  });

  it("refuses an id that has files already", async () => {
    const { start } = await setUp(5);
    await expect(start("dead")).rejects.toMatchObject({ code: "data.in_use" });
  });
});

const sequenceOf = (name: string): number => Number(/-(\d+)\.spool$/.exec(name)?.[1]);
const bySequence = (a: string, b: string): number => sequenceOf(a) - sequenceOf(b);
