import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listLetters } from "../../app/dlq/list-letters.ts";
import type { Bus, BusMessage } from "../../bus/bus.ts";
import { encodedLength } from "../../bus/record-codec.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { redrivenMessage } from "../../processors/redriven-message.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { doorOf, keptLog, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const letters = () => bus().recordsOf(topics.deadLetters);
const offsets = () => letters().map(({ headers }) => Number(headers[deadLetterHeaders.offset]));

/** Bytes that are no trace request. */
const rubbish = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xff);

/** Bytes that a record of the spans topic may have as a value where the bus takes `limit` for the whole. */
const largest = (limit: number): number => limit - encodedLength({ key: null, value: new Uint8Array() });

const work = async (through: Bus = bus()): Promise<void> => {
  const processors = start({ bus: through });
  expect(await processors.drain(60_000)).toBe(true);
  await processors.stop();
};

/** The bus behind a door that may throw in place of a publish, or behind one. */
const busDoor = (door: {
  readonly before?: (message: BusMessage) => void;
  readonly after?: (message: BusMessage) => void;
}): Bus => ({
  ...bus(),
  publish: async (message) => {
    door.before?.(message);
    await bus().publish(message);
    door.after?.(message);
  },
});

describe("a record near the limit of the bus", () => {
  const limit = 100_000;

  test("becomes a letter with all of its bytes while they fit, and with its beginning, size and hash beyond", async () => {
    openBus({ clock: systemClock, maxRecordBytes: limit });
    const sizes = [0, 100, 150, 200, 250, 300, 400, 1_000].map((less) => largest(limit) - less);
    for (const [index, size] of sizes.entries()) {
      await publish(recordOf(index + 1));
      await publish(rubbish(size));
    }
    await work();
    expect(await storedSums(store().store)).toEqual(exactly(sizes.map((_, index) => index + 1)));
    expect(offsets().toSorted((a, b) => a - b)).toEqual(sizes.map((_, index) => index * 2 + 1));
    const kept = new Map(letters().map((letter) => [Number(letter.headers[deadLetterHeaders.offset]), letter]));
    for (const [index, size] of sizes.entries()) {
      const letter = kept.get(index * 2 + 1);
      const isWhole = letter?.value.byteLength === size;
      expect(letter?.value.byteLength).toBe(isWhole ? size : 65_536);
      expect(letter?.headers[deadLetterHeaders.size]).toBe(isWhole ? undefined : String(size));
      expect(letter?.headers[deadLetterHeaders.sha256]).toBe(isWhole ? undefined : sha256(rubbish(size)));
    }
    expect(kept.get(1)?.value.byteLength).toBe(65_536);
    expect(kept.get(15)?.value.byteLength).toBe(sizes.at(-1));
  });

  test("can be sent again whenever its letter holds all of it", async () => {
    openBus({ clock: systemClock, maxRecordBytes: limit });
    for (let less = 0; less < 400; less += 7) await publish(rubbish(largest(limit) - less));
    await work();
    const listed = await listLetters(bus());
    const values = new Map(letters().map(({ offset, value }) => [`0:${offset}`, value]));
    const made = listed.map((letter) => redrivenMessage(letter, values.get(letter.id) ?? rubbish(0)));
    expect(made.filter(({ ok }) => ok).length).toBeGreaterThan(10);
    expect(made.filter(({ ok }) => !ok).length).toBeGreaterThan(10);
    for (const [index, each] of made.entries()) {
      expect(each.ok).toBe(listed[index]?.bytes === listed[index]?.keptBytes);
      if (each.ok) expect(encodedLength(each.message)).toBeLessThanOrEqual(limit);
    }
  });

  test("becomes a letter under the smallest limit that a bus can have, whatever the reason", async () => {
    openBus({ clock: systemClock, maxRecordBytes: 1_024 });
    await publish(rubbish(largest(1_024)));
    await publish(recordOf(1));
    const refusing = doorOf(store().store, {
      before: ({ calls }) => {
        if (calls.length > 0) throw new PlumblineError("store.rejected", "\u2620".repeat(2_000));
      },
    });
    const processors = start({ store: refusing, version: "10.20.30-preview.40" });
    expect(await processors.drain(60_000)).toBe(true);
    expect(offsets().toSorted((a, b) => a - b)).toEqual([0, 1]);
    for (const { headers } of letters()) {
      expect(Buffer.byteLength(headers[deadLetterHeaders.reason] ?? "")).toBeLessThanOrEqual(1_000);
    }
  });

  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
});

describe("the letters of a partition", () => {
  test("come once each, wherever the bus fails between them and whether or not it had stored the one that failed", async () => {
    openBus({ clock: systemClock, maxRecordBytes: 70_000 });
    const sent: (typeof kinds)[number][] = [];
    const isBad = (offset: number): boolean => sent[offset] !== "good";
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 10 }),
        failures,
        async (records, failing) => {
          for (const kind of records) {
            sent.push(kind);
            await publish(bytesOf(kind, sent.length));
          }
          await work(failingBus(failing));
          expect(offsets()).toEqual([...sent.keys()].filter(isBad));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
    const good = [...sent.keys()].filter((offset) => !isBad(offset));
    expect(await storedSums(store().store)).toEqual(exactly(good.map((offset) => offset + 1)));
  }, 60_000);

  const kinds = ["good", "rubbish", "large"] as const;
  const bytesOf = (kind: (typeof kinds)[number], number: number): Uint8Array =>
    kind === "good" ? recordOf(number) : rubbish(kind === "large" ? largest(70_000) : 9);

  /** Which letters fail, counted over all tries, with what, and whether they were stored all the same. */
  const failures = fc.array(
    fc.record({
      at: fc.nat(12),
      isStored: fc.boolean(),
      code: fc.constantFrom("bus.full" as const, "bus.unavailable" as const),
    }),
    { maxLength: 4 },
  );

  const failingBus = (failing: typeof failures extends fc.Arbitrary<infer F> ? F : never): Bus => {
    let letter = -1;
    const fail = (isStored: boolean): void => {
      const found = failing.find((each) => each.at === letter && each.isStored === isStored);
      if (found !== undefined) throw new PlumblineError(found.code, "not now");
    };
    return busDoor({
      before: () => {
        letter += 1;
        fail(false);
      },
      after: () => fail(true),
    });
  };

  test("come also where the bus knows later ones of a partition that was made anew", async () => {
    for (const id of ["", ":2"]) {
      const producer = { id: `dead-letters:${topics.spans}:0${id}`, sequence: 900 };
      await bus().publish({ topic: topics.deadLetters, key: null, value: rubbish(1), producer });
    }
    await publish(rubbish(5));
    await work();
    await publish(rubbish(6));
    await work();
    expect(letters().map(({ value }) => value.byteLength)).toEqual([1, 1, 5, 6]);
  });

  test("wait for a bus that is full, and the partition goes on when there is room", async () => {
    let refusals = 5;
    await publish(rubbish(5));
    await publish(recordOf(1));
    const full = busDoor({
      before: () => {
        refusals -= 1;
        if (refusals >= 0) throw new PlumblineError("bus.full", "no room");
      },
    });
    const { log, lines } = keptLog();
    expect(await start({ bus: full, log }).drain(60_000)).toBe(true);
    expect(offsets()).toEqual([0]);
    expect(await storedSums(store().store)).toEqual(exactly([1]));
    expect(lines).toEqual([
      "warn: the bus is away; waiting",
      "the bus is back",
      "warn: records sent to dead letters; the first of them is named",
    ]);
  });
});
