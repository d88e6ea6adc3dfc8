import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BusRead, BusRecord, PartitionSession, ReadOptions } from "../../bus/bus.ts";
import { collectRange } from "../../processors/collect-range.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";

/** A partition as the port describes it: records with gaps between them, and where the next one would come. */
interface Log {
  readonly records: readonly BusRecord[];
  readonly end: number;
}

const anyLog: fc.Arbitrary<Log> = fc
  .tuple(
    fc.array(fc.record({ gap: fc.nat(3), bytes: fc.nat(4).map((hundreds) => hundreds * 100) }), { maxLength: 20 }),
    fc.nat(3),
  )
  .map(([steps, gapAtEnd]) => {
    let end = 0;
    const records = steps.map(({ gap, bytes }): BusRecord => {
      const offset = end + gap;
      end = offset + 1;
      return { offset, key: null, value: new Uint8Array(bytes), headers: {}, appendedAtMs: 0 };
    });
    return { records, end: end + gapAtEnd };
  });

/** A session over a log that returns as few records as `sizes` says, one size a read, and passes gaps as late as it may. */
const sessionOf = (
  log: Log,
  args: { readonly clock: VirtualClock; readonly sizes: readonly number[]; readonly signal?: AbortSignal },
): { readonly session: PartitionSession; readonly asked: readonly ReadOptions[] } => {
  const asked: ReadOptions[] = [];
  const read = async (options: ReadOptions): Promise<BusRead> => {
    const size = args.sizes[asked.length % args.sizes.length] ?? 1;
    asked.push(options);
    const until = Math.min(options.until ?? log.end, log.end);
    const found: BusRecord[] = [];
    let bytes = 0;
    for (const record of log.records.filter(({ offset }) => offset >= options.from && offset < until)) {
      found.push(record);
      bytes += record.value.byteLength;
      if (found.length >= Math.min(size, options.maxRecords) || bytes >= options.maxBytes) break;
    }
    const last = found.at(-1);
    if (last !== undefined) return { records: found, next: last.offset + 1 };
    args.clock.advance(options.waitMs);
    return { records: [], next: Math.max(options.from, until) };
  };
  const signal = args.signal ?? new AbortController().signal;
  const unused = (): never => {
    throw new Error("collecting neither commits nor asks for the end");
  };
  const committed = { offset: 0, metadata: "" };
  const session = { topic: "t", partition: 0, committed, signal, read, commit: unused, endOffset: unused };
  return { session, asked };
};

const anySizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 });
const anyBatchBytes = fc.integer({ min: 1, max: 15 }).map((hundreds) => hundreds * 100);
const anyLimits = fc.record({ batchBytes: anyBatchBytes, lingerMs: fc.constantFrom(0, 1, 500) });
const offsetsOf = (records: readonly BusRecord[]): readonly number[] => records.map(({ offset }) => offset);
const bytesOf = (records: readonly BusRecord[]): number =>
  records.reduce((sum, { value }) => sum + value.byteLength, 0);

describe("ranges collected one after the other", () => {
  test("hold every record of the log once, in order, and together every offset", async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anySizes, anyLimits, async (log, sizes, { batchBytes, lingerMs }) => {
        const clock = virtualClock();
        const { session } = sessionOf(log, { clock, sizes });
        const collected: number[] = [];
        let from = 0;
        while (from < log.end) {
          const { records, next } = await collectRange({ session, from, until: null, batchBytes, lingerMs, clock });
          expect(next).toBeGreaterThan(from);
          expect(records.every(({ offset }) => offset >= from && offset < next)).toBe(true);
          collected.push(...offsetsOf(records));
          from = next;
        }
        expect(from).toBe(log.end);
        expect(collected).toEqual(offsetsOf(log.records));
      }),
    );
  });

  test("are full with the record that reaches the bytes of a batch, and never ask for more than is left of them", async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anySizes, anyBatchBytes, async (log, sizes, batchBytes) => {
        const clock = virtualClock();
        const { session, asked } = sessionOf(log, { clock, sizes });
        const options = { session, from: 0, until: null, batchBytes, lingerMs: 1_000, clock };
        const { records } = await collectRange(options);
        expect(bytesOf(records.slice(0, -1))).toBeLessThan(batchBytes);
        if (bytesOf(records) < batchBytes) expect(offsetsOf(records)).toEqual(offsetsOf(log.records));
        for (const { from, maxBytes } of asked) {
          expect(maxBytes).toBe(batchBytes - bytesOf(log.records.filter(({ offset }) => offset < from)));
        }
      }),
    );
  });

  test("wait for company as long as the linger time, counted from the first record", async () => {
    const law = fc.asyncProperty(anyLog, anySizes, fc.nat(2_000), async (log, sizes, lingerMs) => {
      fc.pre(log.records.length > 0);
      const clock = virtualClock();
      const { session } = sessionOf(log, { clock, sizes });
      await collectRange({ session, from: 0, until: null, batchBytes: 1 << 20, lingerMs, clock });
      expect(clock.monotonicMs()).toBe(lingerMs);
    });
    await fc.assert(law);
  });
});

describe("a range with an end", () => {
  test("holds exactly the records before it, however large, and reaches it whatever gap is there", async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anySizes, fc.tuple(fc.nat(), fc.nat()), async (log, sizes, bounds) => {
        const [from = 0, until = 0] = bounds.map((bound) => bound % (log.end + 1)).sort((a, b) => a - b);
        const clock = virtualClock();
        const { session, asked } = sessionOf(log, { clock, sizes });
        const read = await collectRange({ session, from, until, batchBytes: 1, lingerMs: 0, clock });
        expect(read.next).toBe(until);
        expect(offsetsOf(read.records)).toEqual(
          offsetsOf(log.records).filter((offset) => offset >= from && offset < until),
        );
        expect(asked.every((options) => options.until === until)).toBe(true);
      }),
    );
  });
});

describe("a session that is to end", () => {
  test("gets no range, so that nothing is stored of half a plan", async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, anySizes, fc.nat(5), async (log, sizes, reads) => {
        const clock = virtualClock();
        const controller = new AbortController();
        const { session, asked } = sessionOf(log, { clock, sizes, signal: controller.signal });
        const read = async (options: ReadOptions): Promise<BusRead> => {
          if (asked.length >= reads) controller.abort();
          return session.read(options);
        };
        const options = {
          session: { ...session, read },
          from: 0,
          until: null,
          batchBytes: 1 << 20,
          lingerMs: 9,
          clock,
        };
        const collected = await collectRange(options);
        if (controller.signal.aborted) expect(collected.records).toEqual([]);
        else expect(offsetsOf(collected.records)).toEqual(offsetsOf(log.records).filter((o) => o < collected.next));
      }),
    );
  });
});
