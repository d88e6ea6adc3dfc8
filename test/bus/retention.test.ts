import { describe, expect, test } from "vitest";
import type { Bus, PartitionSession } from "../../bus/bus.ts";
import { isRetryable, PlumblineError } from "../../core/errors.ts";
import type { LogFields } from "../../core/log.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { drain, inSession, readToEnd } from "./consume.ts";
import { codeOf, numbers, textOf } from "./contract-messages.ts";
import { openBus } from "./open-bus.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();
const hourMs = 3_600_000;
const topic = "t";
const smallest = { maxBytes: 65_536 };

const publish = (bus: Bus, text: string, bytes = 0): Promise<void> =>
  bus.publish({ topic, key: null, value: new TextEncoder().encode(text.padEnd(bytes, ".")) });
const outcomeOf = (publishing: Promise<void>): Promise<string> => publishing.then(() => "acknowledged", codeOf);
const texts = async (session: PartitionSession): Promise<readonly string[]> =>
  (await readToEnd(session, 0)).map(({ value }) => textOf(value).replaceAll(".", ""));

/** Lets housekeeping run its rounds until the partition holds `wanted`, for a quarter of an hour at most. */
const untilHolds = async (clock: VirtualClock, session: PartitionSession, wanted: readonly string[]): Promise<void> => {
  for (let second = 0; second < 900; second += 1) {
    if (JSON.stringify(await texts(session)) === JSON.stringify(wanted)) return;
    await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 1_000);
  }
  expect(await texts(session)).toEqual(wanted);
};

describe("retention by age", () => {
  test("removes what is old and what every group is done with, and nothing else", async () => {
    const clock = virtualClock();
    const bus = await openBus({ dir: newFolder(), clock, config: { retentionHours: 1 } });
    for (const index of numbers(4)) await publish(bus, String(index));
    const { result: one } = await inSession(bus, { topic, group: "one" }, async (session) => session);
    const { result: two } = await inSession(bus, { topic, group: "two" }, async (session) => session);
    await one.commit({ offset: 3, metadata: "" });
    await two.commit({ offset: 2, metadata: "" });
    clock.advance(hourMs);
    await publish(bus, "young");
    await untilHolds(clock, one, ["2", "3", "young"]);
    await two.commit({ offset: 5, metadata: "" });
    await untilHolds(clock, one, ["3", "young"]);
    await one.commit({ offset: 5, metadata: "" });
    await untilHolds(clock, one, ["young"]);
    expect(await one.endOffset()).toBe(5);
    await bus.close();
    expect(clock.sleeping()).toBe(0);
  });

  test("removes what is old when a topic has no group", async () => {
    const dir = newFolder();
    const clock = virtualClock();
    const bus = await openBus({ dir, clock, config: { retentionHours: 1 } });
    await publish(bus, "old");
    clock.advance(hourMs);
    await bus.close();
    const again = await openBus({ dir, clock, config: { retentionHours: 1 } });
    await publish(again, "young");
    const records = await drain(again, { topic, group: "g" }, 1);
    await again.close();
    expect(records.map(({ offset, value }) => [offset, textOf(value)])).toEqual([[1, "young"]]);
  });

  test("does not wait for somebody who follows a topic, and he goes on behind what is gone", async () => {
    const clock = virtualClock();
    const bus = await openBus({ dir: newFolder(), clock, config: { retentionHours: 1 } });
    await publish(bus, "read");
    const following = bus.follow(topic, { signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect(textOf((await following.next()).value?.value)).toBe("read");
    await publish(bus, "gone");
    clock.advance(hourMs);
    await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 60_000);
    await publish(bus, "young");
    expect(textOf((await following.next()).value?.value)).toBe("young");
    await bus.close();
  });

  test("does not wait for somebody who browsed a topic", async () => {
    const clock = virtualClock();
    const bus = await openBus({ dir: newFolder(), clock, config: { retentionHours: 1 } });
    await publish(bus, "old");
    const browse = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { value } of bus.browse(topic)) found.push(textOf(value));
      return found;
    };
    expect(await browse()).toEqual(["old"]);
    clock.advance(hourMs);
    await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 60_000);
    await publish(bus, "young");
    expect(await browse()).toEqual(["young"]);
    await bus.close();
  });

  test("forgets a group that was not seen for as long, and says so", async () => {
    const lines: (readonly [LogFields, string])[] = [];
    const write = (fields: LogFields, text: string): void => {
      lines.push([fields, text]);
    };
    const clock = virtualClock();
    const log = { info: write, warn: write, error: write };
    const bus = await openBus({ dir: newFolder(), clock, log, config: { retentionHours: 1 } });
    await publish(bus, "0");
    const { subscription } = await inSession(bus, { topic, group: "gone" }, async () => {});
    await subscription.stop();
    const { result: session } = await inSession(bus, { topic, group: "here" }, async (opened) => opened);
    await session.commit({ offset: 1, metadata: "" });
    clock.advance(2 * hourMs);
    await untilHolds(clock, session, []);
    await bus.close();
    expect(lines).toEqual([[{ topic, group: "gone", hours: 1 }, "a group that was not seen is forgotten"]]);
  });
});

describe("a full log", () => {
  test("refuses records that could be tried again, and loses none that it has", async () => {
    const dir = newFolder();
    const bus = await openBus({ dir, config: smallest });
    const { result: session } = await inSession(bus, { topic, group: "g" }, async (opened) => opened);
    const outcomes: string[] = [];
    for (const index of numbers(30)) outcomes.push(await outcomeOf(publish(bus, String(index), 4_500)));
    const held = outcomes.indexOf("bus.full");
    expect(held).toBe(7);
    expect(new Set(outcomes.slice(held))).toEqual(new Set(["bus.full"]));
    expect(isRetryable(new PlumblineError("bus.full", ""))).toBe(true);
    expect(await texts(session)).toEqual(numbers(held).map(String));
    await session.commit({ offset: 2, metadata: "" });
    expect(await outcomeOf(publish(bus, "new", 4_500))).toBe("acknowledged");
    expect(await texts(session)).toEqual([...numbers(held).slice(1).map(String), "new"]);
    await bus.close();
  });

  test("lets go of old records of a topic without groups before it refuses", async () => {
    const clock = virtualClock();
    const bus = await openBus({ dir: newFolder(), clock, config: { ...smallest, retentionHours: 1 } });
    for (const index of numbers(7)) await publish(bus, String(index), 4_500);
    expect(await outcomeOf(publish(bus, "new", 4_500))).toBe("bus.full");
    clock.advance(hourMs);
    expect(await outcomeOf(publish(bus, "new", 4_500))).toBe("acknowledged");
    await bus.close();
  });

  test("refuses what its producer published behind a refused record, so that all can be published again in order", async () => {
    const bus = await openBus({ dir: newFolder(), config: smallest });
    const { result: session } = await inSession(bus, { topic, group: "g" }, async (opened) => opened);
    for (const index of numbers(7)) await publish(bus, String(index), 4_500);
    const send = (sequence: number, bytes: number): Promise<string> =>
      outcomeOf(bus.publish({ topic, key: null, value: new Uint8Array(bytes), producer: { id: "p", sequence } }));
    expect(await Promise.all([send(1, 40_000), send(2, 10)])).toEqual(["bus.full", "bus.unavailable"]);
    expect(await bus.lastSequence(topic, "p")).toBe(0);
    await session.commit({ offset: 7, metadata: "" });
    expect(await Promise.all([send(1, 40_000), send(2, 10)])).toEqual(["acknowledged", "acknowledged"]);
    expect((await readToEnd(session, 0)).slice(-2).map(({ value }) => value.byteLength)).toEqual([40_000, 10]);
    await bus.close();
  });
});
