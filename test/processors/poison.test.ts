import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import type { RecordRange } from "../../processors/build-batch.ts";
import { buildBatch } from "../../processors/build-batch.ts";
import type { CallSteps } from "../../processors/call-steps.ts";
import { createMeasureCall } from "../../processors/measure-call.ts";
import { createPriceCall } from "../../processors/price-call.ts";
import type { BadRecord } from "./bad-records.ts";
import { anyBadRecord } from "./bad-records.ts";
import { exactly, recordOf, storedSums, unitPrice } from "./ledger.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { bus, store, start, publish } = setUpLine();

/** The letters by the offset of the record that each is of. */
const lettersByOffset = (): ReadonlyMap<number, Uint8Array> =>
  new Map(
    bus()
      .recordsOf(topics.deadLetters)
      .map(({ headers, value }) => [Number(headers[deadLetterHeaders.offset]), value]),
  );

const rangeOf = (...values: readonly Uint8Array[]): RecordRange => ({
  topic: topics.spans,
  partition: 0,
  start: 0,
  end: values.length,
  records: values.map((value, offset) => ({ offset, key: null, value, headers: {}, appendedAtMs: 0 })),
});

describe("a poison record", () => {
  test("of any kind becomes a letter or rows, and the calls around it are stored exactly once", async () => {
    const processors = start();
    const sent: (BadRecord | number)[] = [];
    const anyRange = fc.array(fc.oneof(fc.constant("good" as const), anyBadRecord), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anyRange, async (records) => {
        for (const record of records) {
          sent.push(record === "good" ? sent.length + 1 : record);
          await publish(record === "good" ? recordOf(sent.length) : record.value);
        }
        expect(await processors.drain(60_000)).toBe(true);
        expect(await storedSums(store().store, "ledger")).toEqual(
          exactly(sent.filter((record) => typeof record === "number")),
        );
      }),
      { numRuns: 25, endOnFailure: true },
    );
    const all = await storedSums(store().store);
    expect(all.table).toEqual(all.rollup);
    const letters = lettersByOffset();
    for (const [offset, record] of sent.entries()) {
      const letter = letters.get(offset);
      if (typeof record === "number") expect(letter).toBeUndefined();
      else if (record.isLetter === true) expect(letter).toBeDefined();
      if (letter !== undefined && typeof record !== "number") expect(Buffer.compare(letter, record.value)).toBe(0);
    }
    expect(letters.size).toBeGreaterThan(0);
  }, 60_000);

  test("over which a step breaks is told with its span, and the spans beside it become rows", () => {
    const priceCall = createPriceCall([unitPrice]);
    const steps: CallSteps = {
      measureCall: (call) => ({ call, embedding: null, answerText: null }),
      priceCall: (call) => {
        if (call.callId.endsWith("2")) throw new RangeError("a price that no rule foresaw");
        return priceCall(call);
      },
    };
    const built = buildBatch(rangeOf(recordOf(1, 2, 3), recordOf(4)), steps);
    expect(built.batch.calls.map(({ source }) => [source.offset, source.index])).toEqual([
      [0, 0],
      [0, 2],
      [1, 0],
    ]);
    expect([built.batch.spans.length, built.batch.contents.length]).toEqual([3, 3]);
    expect(built.rejected).toMatchObject([
      { record: { offset: 0 }, code: "span.unusable", reason: "span 1: a price that no rule foresaw" },
    ]);
  });

  test("with thousands of unusable spans has a reason of a few", () => {
    const spans = Array.from({ length: 5_000 }, () => ({ startNs: 0n }));
    const { rejected } = buildBatch(rangeOf(otlpBytes(spans)), {
      priceCall: createPriceCall([]),
      measureCall: createMeasureCall(),
    });
    expect(rejected.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^span 0: .*; span 4: [^;]*; and 4995 more$/),
    ]);
  });

  test("over which the store breaks without a code is a letter, and the others are stored", async () => {
    for (const number of [1, 2, 3, 4, 5]) await publish(recordOf(number));
    const breaking = doorOf(store().store, {
      before: ({ calls }) => {
        if (calls.some(({ callId }) => callId.endsWith("4"))) throw new TypeError("a cell that no rule foresaw");
      },
    });
    const processors = start({ store: breaking });
    expect(await processors.drain(60_000)).toBe(true);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3, 5]));
    expect(bus().recordsOf(topics.deadLetters)).toMatchObject([
      {
        headers: {
          [deadLetterHeaders.code]: "processors.internal",
          [deadLetterHeaders.reason]: "a cell that no rule foresaw",
          [deadLetterHeaders.offset]: "3",
        },
      },
    ]);
  });
});
