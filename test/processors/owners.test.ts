import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bus, PartitionSession } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import type { Delivery } from "../../store/store.ts";
import { memoryLogStorage } from "../support/memory-log-storage.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { doorOf, keptLog, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const letterOffsets = (): readonly number[] =>
  bus()
    .recordsOf(topics.deadLetters)
    .map(({ headers }) => Number(headers[deadLetterHeaders.offset]));

const rubbish = Uint8Array.of(0xff);

/** A bus whose sessions fail some of their commits, counted over all of them: made all the same, or not. */
const failingCommits = (failures: readonly { readonly at: number; readonly isMade: boolean }[]): Bus => {
  let commits = -1;
  const failing = (session: PartitionSession): PartitionSession => ({
    ...session,
    commit: async (committed) => {
      commits += 1;
      const at = commits;
      const failure = failures.find((each) => each.at === at);
      if (failure?.isMade !== false) await session.commit(committed);
      if (failure !== undefined) throw new PlumblineError("bus.unavailable", "the commit has no answer");
    },
  });
  const consume: Bus["consume"] = (options) =>
    bus().consume({ ...options, onPartition: (session) => options.onPartition(failing(session)) });
  return { ...bus(), consume };
};

describe("a range that the bus delivers again", () => {
  test("is counted once, and has its letters once, whichever commits failed and whether or not they were made", async () => {
    openBus({ clock: systemClock, leaseMs: 150 });
    const sent: boolean[] = [];
    const deliveries = new Set<Delivery>();
    const anyFailures = fc.uniqueArray(fc.record({ at: fc.nat(3), isMade: fc.boolean() }), {
      selector: ({ at }) => at,
      minLength: 1,
      maxLength: 3,
    });
    const anyRange = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(anyFailures, anyRange, async (failures, range) => {
        for (const isGood of range) {
          sent.push(isGood);
          await publish(isGood ? recordOf(sent.length) : rubbish);
        }
        const counted = doorOf(store().store, {
          before: (_, { delivery }) => {
            deliveries.add(delivery);
          },
        });
        const processors = start({ bus: failingCommits(failures), store: counted });
        expect(await processors.drain(60_000)).toBe(true);
        await processors.stop();
        const offsets = [...sent.keys()];
        expect(letterOffsets()).toEqual(offsets.filter((offset) => sent[offset] === false));
        expect(await storedSums(store().store)).toEqual(
          exactly(offsets.filter((offset) => sent[offset] === true).map((offset) => offset + 1)),
        );
      }),
      { numRuns: 10, endOnFailure: true, examples: [[[{ at: 1, isMade: false }], [true, false]]] },
    );
    expect(deliveries).toEqual(new Set(["first", "repeated"]));
  }, 60_000);
});

describe("two owners of one partition at once", () => {
  test.each([
    { moment: "before its insert", hold: "before" as const },
    { moment: "behind its insert", hold: "after" as const },
  ])("count once, where the first one hangs $moment until the second is done", async ({ hold }) => {
    const storage = memoryLogStorage();
    const [frozen, clock] = [virtualClock(), virtualClock(Date.UTC(2026, 0, 2))];
    const first = openBus({ clock: frozen, storage });
    for (const number of [1, 2, 3]) await publish(recordOf(number));
    await publish(rubbish);
    const hanging = Promise.withResolvers<void>();
    const mayGoOn = Promise.withResolvers<void>();
    const wait = async (): Promise<void> => {
      hanging.resolve();
      await mayGoOn.promise;
    };
    const { log, lines } = keptLog();
    const late = start({ bus: first, clock: frozen, log, store: doorOf(store().store, { [hold]: wait }) });
    await frozen.advanceUntil(hanging.promise, 5);

    // A day later on another machine's clock: the lease of the first one has long expired, and it does not know.
    const second = openBus({ clock, storage });
    await publish(recordOf(4));
    const next = start({ bus: second, clock });
    expect(await clock.advanceUntil(next.drain(60_000), 20)).toBe(true);
    await clock.advanceUntil(next.stop(), 20);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3, 4]));

    mayGoOn.resolve();
    await frozen.advanceUntil(late.stop(), 20);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3, 4]));
    expect(letterOffsets()).toEqual([3]);
    expect(await second.progress(topics.spans, "processors")).toEqual([{ partition: 0, committed: 5, end: 5 }]);
    // It was fenced before it could publish a letter, which is nothing to report.
    expect(lines).toEqual([]);
    await first.close();
  });
});

describe("a consumer that was away for a day", () => {
  test("finds everything that came meanwhile, and stores it in batches of bounded size", async () => {
    const clock = virtualClock();
    openBus({ clock });
    const drained = async (store: Parameters<typeof start>[0] = {}): Promise<void> => {
      const processors = start({ clock, ...store });
      expect(await clock.advanceUntil(processors.drain(60_000), 20)).toBe(true);
      await clock.advanceUntil(processors.stop(), 20);
    };
    await publish(recordOf(1));
    await drained();
    const sent = [1];
    for (let hour = 0; hour < 24; hour += 1) {
      for (let each = 0; each < 10; each += 1) {
        sent.push(sent.length + 1);
        await publish(recordOf(sent.length));
      }
      await clock.advanceUntil(new Promise((resolve) => setImmediate(resolve)), 3_600_000);
    }
    const batches: number[] = [];
    const counted = doorOf(store().store, {
      before: ({ calls }) => {
        batches.push(calls.length);
      },
    });
    await drained({ store: counted, config: { batchBytes: 10 * recordOf(1).length } });
    expect(await storedSums(store().store)).toEqual(exactly(sent));
    expect(batches.reduce((sum, calls) => sum + calls, 0)).toBe(240);
    expect(Math.max(...batches)).toBeLessThanOrEqual(10);
  });
});
