import { describe, expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { doorOf, setUpLine, until } from "./set-up-line.ts";

const { bus, store, start, publish } = setUpLine();

const stored = () => storedSums(store().store);
const letters = () => bus().recordsOf(topics.deadLetters);
const hasStored = (calls: number) => async (): Promise<boolean> => (await stored()).rollup.calls === BigInt(calls);

describe("the line", () => {
  test("stores the calls around an undecodable record, and sends that one to dead letters with its reason and place", async () => {
    const rubbish = Uint8Array.of(0x0a, 0xff, 0x01);
    for (const value of [recordOf(1), rubbish, recordOf(2)]) {
      await publish(value);
    }
    const processors = start();
    expect(await processors.drain(60_000)).toBe(true);
    expect(await stored()).toEqual(exactly([1, 2]));
    expect(letters()).toMatchObject([
      {
        headers: {
          [deadLetterHeaders.code]: "span.undecodable",
          [deadLetterHeaders.reason]: expect.stringContaining("not an OTLP trace request"),
          [deadLetterHeaders.topic]: topics.spans,
          [deadLetterHeaders.partition]: "0",
          [deadLetterHeaders.offset]: "1",
          [deadLetterHeaders.version]: "test",
          [deadLetterHeaders.tries]: "1",
        },
      },
    ]);
    expect(letters().map(({ value }) => [...value])).toEqual([[...rubbish]]);
  });

  test("finds the one record that the store refuses for good, and stores all others once", async () => {
    for (let number = 1; number <= 9; number += 1) {
      await publish(recordOf(number));
    }
    const refusing = doorOf(store().store, {
      before: ({ calls }) => {
        if (calls.some((call) => call.callId.endsWith("6"))) {
          throw new PlumblineError("store.rejected", "no poison here");
        }
      },
    });
    const processors = start({ store: refusing });
    expect(await processors.drain(60_000)).toBe(true);
    expect(await stored()).toEqual(exactly([1, 2, 3, 4, 5, 7, 8, 9]));
    expect(letters()).toHaveLength(1);
    expect(letters()[0]?.headers).toMatchObject({
      [deadLetterHeaders.code]: "store.rejected",
      [deadLetterHeaders.offset]: "5",
    });
  });

  test("waits while the store is away, and counts once what was stored before an error said otherwise", async () => {
    let failures = 3;
    const flaky = doorOf(store().store, {
      after: () => {
        failures -= 1;
        if (failures >= 0) {
          throw new PlumblineError("store.unavailable", "the answer was lost");
        }
      },
    });
    await publish(recordOf(1));
    const processors = start({ store: flaky });
    expect(await processors.drain(60_000)).toBe(true);
    expect(failures).toBe(-1);
    expect(await stored()).toEqual(exactly([1]));
  });

  test("repeats the same range as a repeat after it died between insert and commit", async () => {
    const seen: (readonly [number, number, string])[] = [];
    await publish(recordOf(1));
    await publish(recordOf(2));
    const dying = start({
      store: doorOf(store().store, {
        after: () => {
          throw new PlumblineError("store.unavailable", "the process is about to die");
        },
      }),
    });
    await until(hasStored(2));
    await dying.stop();
    await publish(recordOf(3));
    start({
      store: doorOf(store().store, {
        before: ({ start: from, end }, { delivery }) => {
          seen.push([from, end, delivery]);
        },
      }),
    });
    await until(hasStored(3));
    expect(seen).toEqual([
      [0, 2, "repeated"],
      [2, 3, "first"],
    ]);
    expect(await stored()).toEqual(exactly([1, 2, 3]));
  });
});
