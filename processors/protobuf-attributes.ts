import type { AttributeValue } from "./otlp-span.ts";
import type { Input } from "./protobuf.ts";
import { readBase64, readCount, readDouble, readInt64, readNested, readText } from "./protobuf.ts";
import { deeper } from "./value-depth.ts";

/** Attributes while they are read. */
export type MutableAttributes = Map<string, AttributeValue>;

/** Reads an OTLP `KeyValue` into a map. `depth` counts the arrays and maps that it stands in. */
export const readAttribute = (input: Input, into: MutableAttributes, depth = 0): void => {
  let key = "";
  let value: AttributeValue = null;
  readNested(input, (field, tag) => {
    if (tag === 1) {
      key = readText(field);
    } else if (tag === 2) {
      value = readAnyValue(field, depth);
    }
  });
  into.set(key, value);
};

const readAnyValue = (input: Input, depth: number): AttributeValue => {
  let value: AttributeValue = null;
  readNested(input, (field, tag) => {
    value = readValueField(field, tag, depth) ?? value;
  });
  return value;
};

const readValueField = (input: Input, tag: number, depth: number): AttributeValue | undefined => {
  switch (tag) {
    case 1:
      return readText(input);
    case 2:
      return readCount(input) !== 0;
    case 3:
      return readInt64(input);
    case 4:
      return readDouble(input);
    case 5:
      return readArray(input, deeper(depth));
    case 6:
      return readMap(input, deeper(depth));
    case 7:
      return readBase64(input);
    default:
      return undefined;
  }
};

const readArray = (input: Input, depth: number): readonly AttributeValue[] => {
  const values: AttributeValue[] = [];
  readNested(input, (field, tag) => {
    if (tag === 1) {
      values.push(readAnyValue(field, depth));
    }
  });
  return values;
};

const readMap = (input: Input, depth: number): AttributeValue => {
  const entries: MutableAttributes = new Map();
  readNested(input, (field, tag) => tag === 1 && readAttribute(field, entries, depth));
  return Object.fromEntries(entries);
};
