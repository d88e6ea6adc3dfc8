import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bus, BusMessage } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { codeOf } from "../bus/contract-messages.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { largest, rubbish } from "./rubbish.ts";
import { keptLog, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const letters = () => bus().recordsOf(topics.deadLetters);
const offsets = () => letters().map(({ headers }) => Number(headers[deadLetterHeaders.offset]));

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

  test("have room in a log that poison has filled, so that the poison can be done with", async () => {
    openBus({ clock: systemClock, maxBytes: 1 << 20 });
    const fill = async (): Promise<number> => {
      for (let count = 0; ; count += 1) {
        const outcome = await publish(rubbish(20_000)).then(() => "published", codeOf);
        if (outcome !== "published") {
          expect(outcome).toBe("bus.full");
          return count;
        }
      }
    };
    const sent = await fill();
    expect(sent).toBeGreaterThan(10);
    const processors = start({ config: { batchBytes: 20_000 } });
    expect(await processors.drain(60_000)).toBe(true);
    expect(offsets()).toEqual(Array.from({ length: sent }, (_, offset) => offset));
  });
});
