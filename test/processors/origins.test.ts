import { describe, expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { judgeOrigin } from "../../processors/judge-origin.ts";
import { readOrigin } from "../../processors/read-origin.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const letters = () => bus().recordsOf(topics.deadLetters);
const origins = () => letters().map(({ headers }) => readOrigin(headers));
const stored = () => storedSums(store().store);

const work = async (): Promise<void> => {
  const processors = start();
  expect(await processors.drain(60_000)).toBe(true);
  await processors.stop();
};

const { topic, partition, offset, tries } = deadLetterHeaders;

/** Headers of a record that says it came from there. */
const from = (place: { readonly topic?: string; readonly partition?: string; readonly offset?: string }) => ({
  [topic]: place.topic ?? topics.spans,
  [partition]: place.partition ?? "0",
  [offset]: place.offset ?? "0",
});

const falseOrigins = [
  { name: "nothing but a topic", headers: { [topic]: topics.spans }, reason: "a part of an origin" },
  { name: "no topic", headers: { [partition]: "0", [offset]: "0" }, reason: "a part of an origin" },
  { name: "a negative offset", headers: from({ offset: "-1" }), reason: "no whole number" },
  { name: "an offset in another notation", headers: from({ offset: "0x0" }), reason: "no whole number" },
  { name: "an empty offset", headers: from({ offset: "" }), reason: "no whole number" },
  { name: "an offset beyond doubles", headers: from({ offset: "9007199254740993" }), reason: "no whole number" },
  { name: "tries that are no number", headers: { ...from({}), [tries]: "many" }, reason: "no whole number" },
  { name: "another topic", headers: from({ topic: "plumbline.verdicts" }), reason: "another topic" },
  { name: "its own place", headers: from({ offset: "50" }), reason: "not before it" },
  { name: "a record that is yet to come", headers: from({ offset: "51" }), reason: "not before it" },
] as const;

describe("an origin that a record names falsely", () => {
  test.each(falseOrigins)("is refused where it is $name", ({ headers, reason }) => {
    const place = { topic: topics.spans, partition: 0, offset: 50 };
    expect(judgeOrigin(readOrigin(headers), place)).toEqual({
      kind: "refused",
      origin: { ...place, tries: 0 },
      reason: expect.stringContaining(reason),
    });
  });

  test("makes a letter of its record, stops nothing, and changes no row", async () => {
    await publish(recordOf(1));
    const forged = [...falseOrigins.filter(({ reason }) => reason !== "not before it"), { headers: from({}) }];
    for (const { headers } of [...forged, { headers: from({ offset: String(forged.length + 1) }) }]) {
      await publish(recordOf(5), { headers });
    }
    await publish(recordOf(2));
    await work();
    expect(await stored()).toEqual(exactly([1, 2]));
    expect(letters().map(({ headers }) => headers[deadLetterHeaders.code])).toEqual(
      Array.from({ length: forged.length + 1 }, () => "record.bad_origin"),
    );
    expect(letters().at(-2)?.headers[deadLetterHeaders.reason]).toBe(
      "its headers name an origin that holds other bytes",
    );
    expect(origins()).toEqual(
      letters().map((_, index) => ({
        kind: "named",
        origin: { topic: topics.spans, partition: 0, offset: index + 1, tries: 1 },
      })),
    );
  });

  test("is kept for the partition that can judge it, where it is of another one", async () => {
    openBus({ clock: systemClock, partitions: 2 });
    await publish(recordOf(1), { partition: 1 });
    await publish(recordOf(1), { partition: 0, headers: from({ partition: "1" }) });
    await work();
    expect(await stored()).toEqual(exactly([1]));
    expect(origins()).toEqual([{ kind: "named", origin: { topic: topics.spans, partition: 1, offset: 0, tries: 2 } }]);
  });

  test("hides no call of that place which is still to be stored", async () => {
    const refuse = doorOf(store().store, {
      before: ({ calls }) => {
        if (calls.some(({ callId }) => callId.endsWith("1"))) throw new PlumblineError("store.rejected", "not yet");
      },
    });
    await publish(recordOf(1));
    const processors = start({ store: refuse });
    expect(await processors.drain(60_000)).toBe(true);
    await processors.stop();
    await publish(recordOf(7), { headers: from({}) });
    await publish(recordOf(1), { headers: from({}) });
    await work();
    expect(await stored()).toEqual(exactly([1]));
    expect(letters()).toHaveLength(2);
  });
});

describe("an origin that retention has removed", () => {
  test("is believed, and its rows are counted once", async () => {
    const clock = virtualClock();
    openBus({ clock, retentionHours: 1 });
    const drained = async (): Promise<void> => {
      const processors = start({ clock });
      expect(await clock.advanceUntil(processors.drain(60_000), 20)).toBe(true);
      await clock.advanceUntil(processors.stop(), 20);
    };
    await publish(recordOf(1));
    await drained();
    // Housekeeping goes its rounds in the next two hours, and the group is done with the record.
    for (let round = 0; round < 120; round += 1) {
      await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 60_000);
    }
    expect(bus().recordsOf(topics.spans)).toEqual([]);
    await publish(recordOf(1), { headers: from({}) });
    await publish(recordOf(2));
    await publish(recordOf(1), { headers: from({}) });
    await drained();
    expect(await stored()).toEqual(exactly([1, 2]));
    expect(letters()).toEqual([]);
  });
});
