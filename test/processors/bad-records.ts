import fc from "fast-check";
import { PbfWriter } from "pbf";
import { genAi, general, plumbline } from "../../core/attributes.ts";
import type { AttributeValue } from "../../processors/otlp-span.ts";
import { recordOf } from "./ledger.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import { otlpJson } from "./otlp-json.ts";

/** A record that nobody should have written, and whether it must become a letter; null where both are right. */
export interface BadRecord {
  readonly value: Uint8Array;
  readonly isLetter: true | null;
}

/** A whole record of one call without its end. */
const truncated: fc.Arbitrary<BadRecord> = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
  .map(([number, share]) => {
    const whole = recordOf(number);
    return { value: whole.subarray(0, Math.max(1, Math.floor(whole.length * share))), isLetter: true };
  });

/** A record in JSON of which a few bytes are missing or wrong. */
const brokenJson: fc.Arbitrary<BadRecord> = fc
  .record({ at: fc.nat(), drop: fc.integer({ min: 0, max: 5 }), put: fc.string({ unit: "binary", maxLength: 5 }) })
  .map(({ at, drop, put }) => {
    const json = otlpJson([{ attributes: { [plumbline.tenant]: "odd", n: 1, list: [1.5, "a"] } }]);
    const start = 1 + (at % (json.length - 1));
    const value = Buffer.concat([json.subarray(0, start), Buffer.from(put), json.subarray(start + drop)]);
    return { value: Uint8Array.from(value), isLetter: null };
  });

const random: fc.Arbitrary<BadRecord> = fc
  .uint8Array({ maxLength: 200 })
  .map((value) => ({ value: Uint8Array.from(value), isLetter: null }));

/** The bytes of a record with some of them changed: ids, lengths and tags go wrong in the middle. */
const damaged: fc.Arbitrary<BadRecord> = fc
  .array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 })
  .map((changes) => {
    const value = Uint8Array.from(otlpBytes([{ attributes: { [plumbline.tenant]: "odd" } }]));
    for (const [at, byte] of changes) value[at % value.length] = byte;
    return { value, isLetter: null };
  });

const { tree: message } = fc.letrec<{ readonly tree: readonly Field[] }>((tie) => ({
  tree: fc.array(
    fc.record({
      tag: fc.integer({ min: 1, max: 17 }),
      value: fc.oneof(
        { maxDepth: 5 },
        fc.maxSafeInteger(),
        fc.double(),
        fc.string({ unit: "binary", maxLength: 20 }),
        tie("tree"),
      ),
    }),
    { maxLength: 5 },
  ),
}));

interface Field {
  readonly tag: number;
  readonly value: number | string | readonly Field[];
}

const writeFields = (fields: readonly Field[], writer: PbfWriter): void => {
  for (const { tag, value } of fields) {
    if (typeof value === "string") writer.writeBytesField(tag, Buffer.from(value));
    else if (typeof value !== "number") writer.writeMessage(tag, writeFields, value);
    else if (Number.isSafeInteger(value)) writer.writeVarintField(tag, value);
    else writer.writeDoubleField(tag, value);
  }
};

/** Protobuf that is well formed, and of other types than a trace request has. */
const ofWrongTypes: fc.Arbitrary<BadRecord> = message.map((fields) => {
  const writer = new PbfWriter();
  writeFields([{ tag: 1, value: [{ tag: 2, value: [{ tag: 2, value: fields }] }] }], writer);
  return { value: Uint8Array.from(writer.finish()), isLetter: null };
});

const hugeNumber = fc.constantFrom<AttributeValue>(
  Number.MAX_SAFE_INTEGER,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -1,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MIN_VALUE,
  65_536,
);

const nested = (depth: number): AttributeValue => {
  let value: AttributeValue = "deep";
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
};

const numeric = [
  genAi.inputTokens,
  genAi.outputTokens,
  genAi.cacheReadTokens,
  genAi.cacheWriteTokens,
  genAi.reasoningTokens,
  genAi.timeToFirstChunk,
  general.httpStatus,
  plumbline.ttftMs,
  plumbline.worstGapMs,
  plumbline.attempt,
  plumbline.attempts,
  plumbline.gatewaySeq,
] as const;

/** A span with numbers, texts, times and depths beyond anything that is ever sent; it may be stored or become a letter. */
const huge: fc.Arbitrary<BadRecord> = fc
  .record({
    numbers: fc.dictionary(fc.constantFrom(...numeric), hugeNumber, { maxKeys: 12 }),
    role: fc.constantFrom("call", "attempt", "neither"),
    textBytes: fc.constantFrom(0, 1_000, 300_000),
    depth: fc.constantFrom(0, 10, 400),
    startNs: fc.constantFrom(1n, 10n ** 18n, 4_294_967_295_000_000_000n, 0n, 2n ** 64n - 1n),
    endNs: fc.constantFrom(0n, 1n, 4_294_967_295_000_000_000n, 2n ** 64n - 1n),
    kind: fc.constantFrom(0, 99, 2 ** 31),
    idBytes: fc.constantFrom(8, 8, 8, 8, 8, 0, 200),
  })
  .map(({ numbers, role, textBytes, depth, startNs, endNs, kind, idBytes }) => ({
    isLetter: null,
    value: otlpBytes([
      {
        startNs,
        endNs,
        kind,
        statusCode: kind,
        spanId: "ab".repeat(idBytes),
        name: "n".repeat(textBytes),
        attributes: {
          ...numbers,
          [plumbline.span]: role,
          [plumbline.tenant]: "odd",
          [genAi.requestModel]: "unit",
          [genAi.providerName]: "openai",
          [genAi.inputMessages]: "\u0000'\\\"\ud83d\ude00".repeat(textBytes / 10),
          nested: nested(depth),
        },
      },
    ]),
  }));

/** Records of every kind that must not stop a partition. */
export const anyBadRecord: fc.Arbitrary<BadRecord> = fc.oneof(
  truncated,
  brokenJson,
  random,
  damaged,
  ofWrongTypes,
  huge,
);
