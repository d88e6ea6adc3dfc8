import { describe, expect, test } from "vitest";
import { listLetters } from "../../app/dlq/list-letters.ts";
import type { RedriveOutcome } from "../../app/dlq/redrive-letters.ts";
import { redriveLetters } from "../../app/dlq/redrive-letters.ts";
import { createProgress } from "../../app/progress.ts";
import type { BusRecord } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { buildBatch } from "../../processors/build-batch.ts";
import { createMeasureCall } from "../../processors/measure-call.ts";
import { createPriceCall } from "../../processors/price-call.ts";
import { readOrigin } from "../../processors/read-origin.ts";
import type { Store } from "../../store/store.ts";
import { exactly, recordOf, sentCall, spanOfCall, storedSums, unitPrice } from "./ledger.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const stored = () => storedSums(store().store);
const letters = () =>
  bus()
    .recordsOf(topics.deadLetters)
    .filter((record) => !isMark(record));
const isMark = ({ headers }: BusRecord): boolean => headers[deadLetterHeaders.redriven] !== undefined;
const originsOf = (records: readonly BusRecord[]) => records.map(({ headers }) => readOrigin(headers));

/** Sends every letter again, also those that were. */
const redriveAll = async (): Promise<readonly RedriveOutcome[]> =>
  redriveLetters({
    bus: bus(),
    letters: await listLetters(bus()),
    isDryRun: false,
    progress: createProgress({ total: 0, target: { write: () => {} }, nowMs: () => 0 }),
    signal: new AbortController().signal,
  });

/** Works everything that is on the bus, and stops. */
const work = async (through: Store = store().store): Promise<void> => {
  const processors = start({ store: through });
  expect(await processors.drain(60_000)).toBe(true);
  await processors.stop();
};

/** The store of a version that refuses the calls of these numbers. */
const refusing = (...numbers: readonly number[]): Store => {
  const ids = new Set(numbers.map((number) => spanOfCall(sentCall(number)).spanId));
  return doorOf(store().store, {
    before: ({ calls }) => {
      if (calls.some(({ callId }) => ids.has(callId))) {
        throw new PlumblineError("store.rejected", "not this one");
      }
    },
  });
};

/** A record of three calls of which the processors can use the first and the last only. */
const partlyUsable = (first: number, broken: number, last: number): Uint8Array =>
  otlpBytes([
    spanOfCall(sentCall(first)),
    { ...spanOfCall(sentCall(broken)), startNs: 0n },
    spanOfCall(sentCall(last)),
  ]);

describe("a letter that is sent again", () => {
  test("is stored under its own place once the store takes it", async () => {
    for (const number of [1, 2, 3]) await publish(recordOf(number));
    await work(refusing(2));
    expect(await stored()).toEqual(exactly([1, 3]));
    expect(await redriveAll()).toMatchObject([{ reason: null }]);
    await work();
    expect(await stored()).toEqual(exactly([1, 2, 3]));
    const sources = await store().store.query("SELECT source_offset FROM calls ORDER BY source_offset");
    expect(sources.map((row) => Number(row["source_offset"]))).toEqual([0, 1, 2]);
  });

  test("twice, before anything is worked, is counted once", async () => {
    for (const number of [1, 2, 3]) await publish(recordOf(number));
    await work(refusing(1, 3));
    await Promise.all([redriveAll(), redriveAll()]);
    await redriveAll();
    await work();
    await redriveAll();
    await work();
    expect(await stored()).toEqual(exactly([1, 2, 3]));
  });

  test("adds only what was missing of its record", async () => {
    const whole = recordOf(1, 2, 3);
    await publish(whole);
    // What an earlier version made of the record: the first and the last call, and a letter for the one between.
    const earlier = buildBatch(
      {
        topic: topics.spans,
        partition: 0,
        start: 0,
        end: 1,
        records: [{ offset: 0, key: null, value: whole, headers: {}, appendedAtMs: 0 }],
      },
      { priceCall: createPriceCall([unitPrice]), measureCall: createMeasureCall() },
    ).batch;
    const others = <T extends { readonly source: { readonly index: number } }>(rows: readonly T[]): readonly T[] =>
      rows.filter(({ source }) => source.index !== 1);
    const partial = {
      ...earlier,
      calls: others(earlier.calls),
      contents: others(earlier.contents),
      spans: others(earlier.spans),
    };
    const once = doorOf(store().store, {
      before: async (batch) => {
        if (batch.calls.length > 0) {
          await store().store.append(partial, { delivery: "first" });
          throw new PlumblineError("store.rejected", "the call between the others");
        }
      },
    });
    await work(once);
    expect(await stored()).toEqual(exactly([1, 3]));
    await redriveAll();
    await redriveAll();
    await work();
    expect(await stored()).toEqual(exactly([1, 2, 3]));
  });

  test("and fails again is a letter again, with its tries counted and its first origin kept", async () => {
    await publish(recordOf(9));
    await publish(partlyUsable(1, 2, 3));
    for (let tries = 1; tries <= 3; tries += 1) {
      await work();
      expect(originsOf(letters()).at(-1)).toEqual({
        kind: "named",
        origin: { topic: topics.spans, partition: 0, offset: 1, tries },
      });
      expect(letters()).toHaveLength(tries);
      expect(letters().at(-1)?.headers).toMatchObject({
        [deadLetterHeaders.code]: "span.unusable",
        [deadLetterHeaders.reason]: "span 1: no start time, or a time that cannot be stored",
      });
      const open = (await listLetters(bus())).filter(({ redrivenAtMs }) => redrivenAtMs === null);
      expect(open).toHaveLength(1);
      await redriveLetters({
        bus: bus(),
        letters: open,
        isDryRun: false,
        progress: createProgress({ total: 1, target: { write: () => {} }, nowMs: () => 0 }),
        signal: new AbortController().signal,
      });
    }
    await work();
    expect(await stored()).toEqual(exactly([1, 3, 9]));
  });

  test("keeps its letters in order with those of fresh records, so that none is taken for a repeat", async () => {
    const rubbish = (byte: number): Uint8Array => Uint8Array.of(0xff, byte);
    await publish(recordOf(1));
    await publish(rubbish(1));
    await publish(recordOf(2));
    await work(refusing(2));
    expect(letters()).toHaveLength(2);
    await redriveAll();
    await publish(rubbish(2));
    await publish(recordOf(3));
    await publish(recordOf(4));
    await publish(rubbish(3));
    await redriveAll();
    await work(refusing(2, 3));
    // In one range: two letters again, rubbish, a refused call found by halving, rubbish, and the two letters once more.
    const offsets = originsOf(letters()).map((named) => named.kind === "named" && named.origin.offset);
    expect(offsets).toEqual([1, 2, 1, 2, 5, 6, 8, 1, 2]);
    await redriveAll();
    await work();
    expect(await stored()).toEqual(exactly([1, 2, 3, 4]));
  });

  test("comes to the partition that it was first read from", async () => {
    openBus({ clock: systemClock, partitions: 3 });
    for (const number of [0, 1, 2]) await publish(recordOf(number + 1), { partition: number });
    await publish(recordOf(4), { partition: 2 });
    await work(refusing(4));
    await redriveAll();
    await work();
    expect(await stored()).toEqual(exactly([1, 2, 3, 4]));
    expect(await bus().progress(topics.spans, "processors")).toEqual([
      { partition: 0, committed: 1, end: 1 },
      { partition: 1, committed: 1, end: 1 },
      { partition: 2, committed: 3, end: 3 },
    ]);
  });
});
