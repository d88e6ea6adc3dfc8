import { PbfWriter } from "pbf";
import type { AttributeValue } from "../../processors/otlp-span.ts";

/** A value of an attribute under test: also bytes, which decode to base64 text. */
export type TestValue = AttributeValue | Uint8Array;

/** Attributes of a span under test. */
export type TestAttributes = Readonly<Record<string, TestValue>>;

/** A span under test; what is left out has a plain default. */
export interface TestSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startNs?: bigint;
  readonly endNs?: bigint;
  readonly attributes?: TestAttributes;
  readonly events?: readonly { readonly atNs: bigint; readonly name: string; readonly attributes: TestAttributes }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceState: string;
    readonly attributes: TestAttributes;
  }[];
  readonly statusCode?: number;
  readonly statusMessage?: string;
}

/** Encodes spans as an OTLP `ExportTraceServiceRequest`, field numbers as in opentelemetry-proto's trace/v1. */
export const otlpBytes = (spans: readonly TestSpan[], resource: TestAttributes = {}): Uint8Array => {
  const writer = new PbfWriter();
  writer.writeMessage(
    1,
    (_: null, resourceSpans) => {
      resourceSpans.writeMessage(
        1,
        (attributes: TestAttributes, inner) => writeAttributes(inner, 1, attributes),
        resource,
      );
      resourceSpans.writeMessage(
        2,
        (_scope: null, scopeSpans) => {
          scopeSpans.writeMessage(
            1,
            (_name: null, scope) => {
              writeText(scope, { tag: 1, text: "test-scope" });
              writeText(scope, { tag: 2, text: "1.2.3" });
            },
            null,
          );
          for (const span of spans) {
            scopeSpans.writeMessage(2, writeSpan, span);
          }
        },
        null,
      );
    },
    null,
  );
  return writer.finish();
};

const writeSpan = (span: TestSpan, writer: PbfWriter): void => {
  writer.writeBytesField(1, Buffer.from(span.traceId ?? "0af7651916cd43dd8448eb211c80319c", "hex"));
  writer.writeBytesField(2, Buffer.from(span.spanId ?? "b7ad6b7169203331", "hex"));
  writeText(writer, { tag: 3, text: span.traceState ?? "" });
  writer.writeBytesField(4, Buffer.from(span.parentSpanId ?? "", "hex"));
  writeText(writer, { tag: 5, text: span.name ?? "chat" });
  writer.writeVarintField(6, span.kind ?? 3);
  writeFixed64Field(writer, { tag: 7, value: span.startNs ?? 1_700_000_000_000_000_000n });
  writeFixed64Field(writer, { tag: 8, value: span.endNs ?? 1_700_000_001_000_000_000n });
  writeAttributes(writer, 9, span.attributes ?? {});
  for (const event of span.events ?? []) {
    writer.writeMessage(
      11,
      (_: null, inner) => {
        writeFixed64Field(inner, { tag: 1, value: event.atNs });
        writeText(inner, { tag: 2, text: event.name });
        writeAttributes(inner, 3, event.attributes);
      },
      null,
    );
  }
  for (const link of span.links ?? []) {
    writer.writeMessage(
      13,
      (_: null, inner) => {
        inner.writeBytesField(1, Buffer.from(link.traceId, "hex"));
        inner.writeBytesField(2, Buffer.from(link.spanId, "hex"));
        writeText(inner, { tag: 3, text: link.traceState });
        writeAttributes(inner, 4, link.attributes);
      },
      null,
    );
  }
  writer.writeMessage(
    15,
    (_: null, inner) => {
      writeText(inner, { tag: 2, text: span.statusMessage ?? "" });
      inner.writeVarintField(3, span.statusCode ?? 0);
    },
    null,
  );
};

/** Text by way of bytes: pbf 5.1.2 writes characters from U+20000 on wrong. */
const writeText = (writer: PbfWriter, field: { readonly tag: number; readonly text: string }): void =>
  writer.writeBytesField(field.tag, Buffer.from(field.text));

const writeFixed64Field = (writer: PbfWriter, field: { readonly tag: number; readonly value: bigint }): void => {
  writer.writeTag(field.tag, 1);
  writer.writeFixed32(Number(field.value & 0xffff_ffffn));
  writer.writeFixed32(Number(field.value >> 32n));
};

const writeAttributes = (writer: PbfWriter, tag: number, attributes: TestAttributes): void => {
  for (const [key, value] of Object.entries(attributes)) {
    writer.writeMessage(tag, writeKeyValue, { key, value });
  }
};

const writeKeyValue = (pair: { readonly key: string; readonly value: TestValue }, writer: PbfWriter): void => {
  writeText(writer, { tag: 1, text: pair.key });
  writer.writeMessage(2, writeAnyValue, pair.value);
};

const writeAnyValue = (value: TestValue, writer: PbfWriter): void => {
  if (typeof value === "string") {
    writeText(writer, { tag: 1, text: value });
  } else if (typeof value === "boolean") {
    writer.writeBooleanField(2, value);
  } else if (typeof value === "bigint") {
    writeInt64(writer, value);
  } else if (typeof value === "number") {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      writeInt64(writer, BigInt(value));
    } else {
      writer.writeDoubleField(4, value);
    }
  } else if (value instanceof Uint8Array) {
    writer.writeBytesField(7, value);
  } else if (Array.isArray(value)) {
    writer.writeMessage(
      5,
      (values: readonly AttributeValue[], inner) => {
        for (const item of values) {
          inner.writeMessage(1, writeAnyValue, item);
        }
      },
      value,
    );
  } else if (value !== null) {
    writer.writeMessage(
      6,
      (entries: TestAttributes, inner) => writeAttributes(inner, 1, entries),
      Object.fromEntries(Object.entries(value)),
    );
  }
};

/** A signed 64-bit integer as protobuf has it: ten bytes of two's complement when negative. */
const writeInt64 = (writer: PbfWriter, value: bigint): void => {
  writer.writeTag(3, 0);
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  for (const byte of bytes) {
    writer.realloc(1);
    writer.buf[writer.pos] = byte;
    writer.pos += 1;
  }
};
