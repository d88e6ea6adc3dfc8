/** A field of a protobuf message: where it stands in the bytes of its message. */
export interface ProtobufField {
  readonly number: number;
  /** 0: varint, 1: 64 bits, 2: length and bytes, 5: 32 bits. */
  readonly wireType: number;
  readonly start: number;
  /** Start of the value, behind tag and length. */
  readonly valueStart: number;
  readonly end: number;
}

const lengthDelimited = 2;

/** The fields of a message, in order. Where the bytes stop being a message the list ends. */
export const fieldsOf = (bytes: Uint8Array): readonly ProtobufField[] => {
  const fields: ProtobufField[] = [];
  for (let start = 0; start < bytes.length; ) {
    const field = fieldAt(bytes, start);
    if (field === null) {
      return fields;
    }
    fields.push(field);
    start = field.end;
  }
  return fields;
};

/** The bytes of a field's value. */
export const fieldValue = (bytes: Uint8Array, field: ProtobufField): Uint8Array =>
  bytes.subarray(field.valueStart, field.end);

/** The value of the first field of a number that holds bytes; null when there is none. */
export const bytesField = (bytes: Uint8Array, number: number): Uint8Array | null => {
  const found = fieldsOf(bytes).find((field) => field.number === number && field.wireType === lengthDelimited);
  return found === undefined ? null : fieldValue(bytes, found);
};

/** The value of the first varint of a number; null when there is none. */
export const varintField = (bytes: Uint8Array, number: number): number | null => {
  const found = fieldsOf(bytes).find((field) => field.number === number && field.wireType === 0);
  return found === undefined ? null : (varintAt(bytes, found.valueStart)?.value ?? null);
};

/** The message with the values of all fields of a number mapped; null removes the field. All else stays as it is. */
export const mapFields = (
  bytes: Uint8Array,
  number: number,
  map: (value: Uint8Array) => Uint8Array | null,
): Uint8Array => {
  const pieces: Uint8Array[] = [];
  let copiedTo = 0;
  for (const field of fieldsOf(bytes)) {
    if (field.number === number && field.wireType === lengthDelimited) {
      const mapped = map(fieldValue(bytes, field));
      pieces.push(bytes.subarray(copiedTo, field.start));
      pieces.push(...(mapped === null ? [] : [withLength(number, mapped)]));
      copiedTo = field.end;
    }
  }
  return copiedTo === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(copiedTo)]);
};

/** A field that holds bytes: tag, length, value. */
export const withLength = (number: number, value: Uint8Array): Uint8Array =>
  Buffer.concat([varint(number * 8 + lengthDelimited), varint(value.length), value]);

/** A field that holds a whole number from 0 to 2^53. */
export const withVarint = (number: number, value: number): Uint8Array =>
  Buffer.concat([varint(number * 8), varint(value)]);

const fieldAt = (bytes: Uint8Array, start: number): ProtobufField | null => {
  const tag = varintAt(bytes, start);
  if (tag === null) {
    return null;
  }
  const number = Math.floor(tag.value / 8);
  const wireType = tag.value % 8;
  const value = extentOf(bytes, tag.end, wireType);
  return value === null || value.end > bytes.length ? null : { number, wireType, start, ...value };
};

const extentOf = (
  bytes: Uint8Array,
  at: number,
  wireType: number,
): { readonly valueStart: number; readonly end: number } | null => {
  switch (wireType) {
    case 0: {
      const read = varintAt(bytes, at);
      return read === null ? null : { valueStart: at, end: read.end };
    }
    case 1:
      return { valueStart: at, end: at + 8 };
    case lengthDelimited: {
      const length = varintAt(bytes, at);
      return length === null ? null : { valueStart: length.end, end: length.end + length.value };
    }
    case 5:
      return { valueStart: at, end: at + 4 };
    default:
      return null;
  }
};

/** Exact up to 2^53; the numbers above are of no interest here. */
const varintAt = (bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | null => {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length && at < start + 10; at += 1, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      return { value, end: at + 1 };
    }
  }
  return null;
};

const varint = (value: number): Uint8Array => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + 128);
  }
  return Uint8Array.from([...bytes, rest]);
};
