import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DecodedPartition } from "../../bus/kafka-kafkajs-aborted.ts";
import { markAborted } from "../../bus/kafka-kafkajs-aborted.ts";

interface Entry {
  readonly producerId: string;
  readonly kind: "record" | "plain" | "abort" | "commit";
}

const producers = ["7", "8", "9", "10"] as const;

/** A partition's log: records in and out of transactions of some producers, with the markers that end those. */
const log: fc.Arbitrary<readonly Entry[]> = fc
  .array(
    fc.record({
      producerId: fc.constantFrom(...producers),
      kind: fc.constantFrom<Entry["kind"]>("record", "record", "plain", "abort", "commit"),
    }),
    { maxLength: 60 },
  )
  // Every transaction has ended: a reader of what is committed sees nothing behind one that has not.
  .chain((entries) =>
    fc
      .shuffledSubarray([...producers], { minLength: producers.length })
      .chain((order) =>
        fc
          .constantFrom<Entry["kind"]>("abort", "commit")
          .map((kind) => [...entries, ...order.map((producerId) => ({ producerId, kind }))]),
      ),
  );

/** Whether the transaction of the record at an offset was aborted: by the next marker of its producer. */
const isAborted = (entries: readonly Entry[], at: number): boolean => {
  const entry = entries[at];
  const marker = entries
    .slice(at)
    .find(({ producerId, kind }) => producerId === entry?.producerId && (kind === "abort" || kind === "commit"));
  return entry?.kind === "record" && marker?.kind === "abort";
};

/** Aborted transactions that have not ended below an offset, in any order, as a broker names them. */
const abortedFrom = (entries: readonly Entry[], from: number): DecodedPartition["abortedTransactions"] => {
  const open = new Map<string, number>();
  const found: { readonly producerId: string; readonly firstOffset: string }[] = [];
  for (const [offset, { producerId, kind }] of entries.entries()) {
    if (kind === "record" && !open.has(producerId)) open.set(producerId, offset);
    if (kind === "abort" || kind === "commit") {
      const first = open.get(producerId);
      if (kind === "abort" && first !== undefined && offset >= from)
        found.push({ producerId, firstOffset: String(first) });
      open.delete(producerId);
    }
  }
  return found.toReversed();
};

const partitionFrom = (entries: readonly Entry[], from: number): DecodedPartition => ({
  abortedTransactions: abortedFrom(entries, from),
  messages: entries
    .map(({ producerId, kind }, offset) => ({
      offset: String(offset),
      key:
        kind === "abort"
          ? Uint8Array.of(0, 0, 0, 0)
          : kind === "commit"
            ? Uint8Array.of(0, 0, 0, 1)
            : Uint8Array.of(0, 0, 0, 0),
      batchContext: { producerId, inTransaction: kind !== "plain" },
      isControlRecord: kind === "abort" || kind === "commit",
    }))
    .slice(from),
});

describe("records of aborted transactions", () => {
  test("are hidden, and no other ones, wherever a fetch begins and whatever their keys are", () => {
    fc.assert(
      fc.property(log, fc.nat({ max: 60 }), (entries, from) => {
        const partition = partitionFrom(entries, from);
        markAborted(partition);
        const shown = partition.messages.filter((each) => !each.isControlRecord).map(({ offset }) => Number(offset));
        const expected = [...entries.keys()].filter(
          (offset) =>
            offset >= from &&
            (entries[offset]?.kind === "plain" || entries[offset]?.kind === "record") &&
            !isAborted(entries, offset),
        );
        expect(shown).toEqual(expected);
        expect(partition.abortedTransactions).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
