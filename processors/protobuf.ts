import type { PbfReader } from "pbf";

/** Reads one field of a message; the tag is the field's number, and fields it does not read are skipped. */
export type ReadField = (reader: PbfReader, tag: number) => void;

const lengthDelimited = 2;
const fixed64 = 1;
const varint = 0;

/**
 * Reads the fields of a message up to `end`, strictly: a field that reaches past `end` is an error, because a truncated
 * record must become a dead letter and never a shorter batch of calls.
 */
export const readMessage = (args: { reader: PbfReader; end: number; onField: ReadField }): void => {
  const { reader, end, onField } = args;
  while (reader.pos < end) {
    const tag = reader.nextField(end);
    if (tag === 0) {
      throw new RangeError("field number 0");
    }
    const before = reader.pos;
    onField(reader, tag);
    if (reader.pos === before) {
      reader.skip(reader.type);
    }
    if (reader.pos > end) {
      throw new RangeError(`field ${tag} reaches ${reader.pos - end} bytes past its message`);
    }
  }
};

/** Reads a nested message. */
export const readNested = (reader: PbfReader, onField: ReadField): void => {
  expectType(reader, lengthDelimited);
  const length = reader.readVarint();
  const end = reader.pos + length;
  if (end > reader.length) {
    throw new RangeError(`a message of ${length} bytes reaches past the record`);
  }
  readMessage({ reader, end, onField });
};

/** Reads UTF-8 text. */
export const readText = (reader: PbfReader): string => {
  expectType(reader, lengthDelimited);
  return reader.readString();
};

/** Reads bytes as lower-case hex, as ids are stored. */
export const readHex = (reader: PbfReader): string => bytesOf(reader).toString("hex");

/** Reads bytes as base64 text. */
export const readBase64 = (reader: PbfReader): string => bytesOf(reader).toString("base64");

/** Reads a 64-bit unsigned integer of fixed width exactly. */
export const readFixed64 = (reader: PbfReader): bigint => {
  expectType(reader, fixed64);
  const value = reader.dataView.getBigUint64(reader.pos, true);
  reader.pos += 8;
  return value;
};

/** Reads a small unsigned integer such as an enum. */
export const readCount = (reader: PbfReader): number => {
  expectType(reader, varint);
  return reader.readVarint();
};

/** Reads a signed 64-bit integer: a number while it is exact, else a bigint. */
export const readInt64 = (reader: PbfReader): number | bigint => {
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
export const readDouble = (reader: PbfReader): number => {
  expectType(reader, fixed64);
  return reader.readDouble();
};

/** The bytes of a length-delimited field, without a copy. */
const bytesOf = (reader: PbfReader): Buffer => {
  expectType(reader, lengthDelimited);
  const bytes = reader.readBytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
