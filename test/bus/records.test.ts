import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteGate } from "../../bus/byte-gate.ts";
import { keyPart } from "../../bus/key-part.ts";
import { partitionOf } from "../../bus/partition-of.ts";
import { decodeRecord, encodedLength, encodeRecord } from "../../bus/record-codec.ts";
import { offsetOfKey, recordKey } from "../../bus/record-key.ts";

const anyText = fc.string({ unit: "grapheme" });

describe("a stored record", () => {
  test("is read back as it was, and is as long as was foretold", () => {
    const content = fc.record({
      key: fc.option(anyText),
      value: fc.uint8Array(),
      headers: fc.dictionary(anyText, anyText, { noNullPrototype: true }),
    });
    fc.assert(
      fc.property(content, fc.nat(), fc.double({ noNaN: true }), (each, offset, appendedAtMs) => {
        const bytes = encodeRecord(each, appendedAtMs);
        expect(bytes.byteLength).toBe(encodedLength(each));
        expect(decodeRecord(offset, bytes)).toEqual({ ...each, offset, appendedAtMs });
      }),
    );
  });

  test("has a key that sorts by topic, partition and offset", () => {
    const number32 = fc.nat({ max: 0xffff_ffff });
    const place = fc.record({ topicId: number32, partition: number32, offset: fc.maxSafeNat() });
    fc.assert(
      fc.property(place, place, (one, other) => {
        const bySize =
          Math.sign(one.topicId - other.topicId) ||
          Math.sign(one.partition - other.partition) ||
          Math.sign(one.offset - other.offset);
        expect(Buffer.compare(recordKey(one), recordKey(other))).toBe(bySize);
        expect(offsetOfKey(recordKey(one))).toBe(one.offset);
      }),
    );
  });
});

describe("the partition of a key", () => {
  // Signed FNV-1a 32: "" -2128831035, "a" -468965076, "foobar" -1080231576.
  test.each([
    { key: "", partitions: 10, expected: 5 },
    { key: "a", partitions: 10, expected: 6 },
    { key: "a", partitions: 1, expected: 0 },
    { key: "foobar", partitions: 7, expected: 4 },
  ])("of '$key' among $partitions is $expected", ({ key, partitions, expected }) => {
    expect(partitionOf(key, partitions)).toBe(expected);
  });

  test("is always one of them", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 1024 }), (key, partitions) => {
        const partition = partitionOf(key, partitions);
        expect(
          Number.isInteger(partition) && Object.is(Math.max(0, Math.min(partition, partitions - 1)), partition),
        ).toBe(true);
      }),
    );
  });
});

describe("a part of a storage key", () => {
  test("is short and plain, and differs where texts differ", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: "binary", maxLength: 300 })), (texts) => {
        const parts = texts.map(keyPart);
        expect(new Set(parts).size).toBe(texts.length);
        for (const part of parts) expect(part).toMatch(/^[!-~]{1,120}$/);
      }),
    );
  });
});

describe("the gate for bytes in flight", () => {
  test("never holds more than its limit but for one alone, and lets in first who came first", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1 }), async (sizes) => {
        const gate = new ByteGate(100);
        const inside: number[] = [];
        const entered: number[] = [];
        const pass = async (bytes: number, index: number): Promise<void> => {
          await gate.enter(bytes);
          entered.push(index);
          inside.push(bytes);
          expect(inside.length === 1 || inside.reduce((sum, each) => sum + each) <= 100).toBe(true);
          await Promise.resolve();
          inside.splice(inside.indexOf(bytes), 1);
          gate.leave(bytes);
        };
        await Promise.all(sizes.map(pass));
        expect(entered).toEqual(sizes.map((_, index) => index));
      }),
    );
  });
});
