import { PbfReader } from "pbf";
import { TextCache } from "./text-cache.ts";

/** A message being read: the reader, its bytes as a buffer, and the texts met so far. */
export interface Input {
  readonly reader: PbfReader;
  readonly buffer: Buffer;
  readonly texts: TextCache;
}

/** Starts reading the bytes of a record. */
export const inputOf = (bytes: Uint8Array): Input => ({
  reader: new PbfReader(bytes),
  buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  texts: new TextCache(),
});

/** Reads one field of a message; the tag is the field's number, and fields it does not read are skipped. */
export type ReadField = (input: Input, tag: number) => void;

const lengthDelimited = 2;
const fixed64 = 1;
const varint = 0;

/**
 * Reads the fields of a message up to `end`, strictly: a field that reaches past `end` is an error, because a truncated
 * record must become a dead letter and never a shorter batch of calls.
 */
export const readMessage = (input: Input, end: number, onField: ReadField): void => {
  const { reader } = input;
  while (reader.pos < end) {
    const tag = reader.nextField(end);
    if (tag === 0) {
      throw new RangeError("field number 0");
    }
    const before = reader.pos;
    onField(input, tag);
    if (reader.pos === before) {
      reader.skip(reader.type);
    }
    if (reader.pos > end) {
      throw new RangeError(`field ${tag} reaches ${reader.pos - end} bytes past its message`);
    }
  }
};

/** Reads a nested message. */
export const readNested = (input: Input, onField: ReadField): void => {
  readMessage(input, endOfField(input.reader), onField);
};

/** Reads UTF-8 text. */
export const readText = ({ reader, buffer, texts }: Input): string => {
  const end = endOfField(reader);
  const text = texts.read(buffer, reader.pos, end);
  reader.pos = end;
  return text;
};

/** Reads bytes as lower-case hex, as ids are stored. */
export const readHex = (input: Input): string => bytesText(input, "hex");

/** Reads bytes as base64 text. */
export const readBase64 = (input: Input): string => bytesText(input, "base64");

/** Reads a 64-bit unsigned integer of fixed width exactly. */
export const readFixed64 = ({ reader }: Input): bigint => {
  expectType(reader, fixed64);
  const value = reader.dataView.getBigUint64(reader.pos, true);
  reader.pos += 8;
  return value;
};

/** Reads a small unsigned integer such as an enum. */
export const readCount = ({ reader }: Input): number => {
  expectType(reader, varint);
  return reader.readVarint();
};

/** Reads a signed 64-bit integer: a number while it is exact, else a bigint. */
export const readInt64 = ({ reader }: Input): number | bigint => {
  expectType(reader, varint);
  const start = reader.pos;
  const value = reader.readVarint(true);
  if (Number.isSafeInteger(value)) {
    return value;
  }
  reader.pos = start;
  return readBigVarint(reader);
};

/** Reads a double. */
export const readDouble = ({ reader }: Input): number => {
  expectType(reader, fixed64);
  return reader.readDouble();
};

/** Where a length-delimited field ends; throws when that lies past the record. */
const endOfField = (reader: PbfReader): number => {
  expectType(reader, lengthDelimited);
  const length = reader.readVarint();
  const end = reader.pos + length;
  if (end > reader.length) {
    throw new RangeError(`a field of ${length} bytes reaches past the record`);
  }
  return end;
};

const bytesText = ({ reader, buffer }: Input, encoding: "hex" | "base64"): string => {
  const end = endOfField(reader);
  const text = buffer.toString(encoding, reader.pos, end);
  reader.pos = end;
  return text;
};

const readBigVarint = (reader: PbfReader): bigint => {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.dataView.getUint8(reader.pos);
    reader.pos += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) {
      break;
    }
  }
  return BigInt.asIntN(64, value);
};

const expectType = (reader: PbfReader, type: number): void => {
  if (reader.type !== type) {
    throw new TypeError(`wire type ${reader.type} where ${type} was expected`);
  }
};
