import { readBase64, readBoolean, readDouble, readInt64, readText } from "./json-fields.ts";
import type { JsonObject } from "./json-object.ts";
import { has, readObject, readObjects } from "./json-object.ts";
import type { Attributes, AttributeValue } from "./otlp-span.ts";
import { deeper } from "./value-depth.ts";

/** Reads the OTLP `KeyValue`s of a field; none when it is not there. `depth` counts the arrays and maps that they stand in. */
export const readAttributes = (object: JsonObject, name: string, depth = 0): Attributes => {
  const attributes = new Map<string, AttributeValue>();
  readObjects(object, name, (pair) => {
    const value = readObject(pair, "value");
    attributes.set(readText(pair, "key"), value === null ? null : readAnyValue(value, depth));
  });
  return attributes;
};

type ReadValue = (value: JsonObject, name: string, depth: number) => AttributeValue;

/** An `AnyValue` without any of its fields is an empty one. */
const readAnyValue = (value: JsonObject, depth: number): AttributeValue => {
  for (const name in value.fields) {
    const read = valueFields.get(name);
    if (read !== undefined && has(value, name)) {
      return read(value, name, depth);
    }
  }
  return null;
};

const readArray: ReadValue = (value, name, depth) => {
  const values: AttributeValue[] = [];
  const array = readObject(value, name);
  const inside = deeper(depth);
  if (array !== null) {
    readObjects(array, "values", (item) => values.push(readAnyValue(item, inside)));
  }
  return values;
};

const readMap: ReadValue = (value, name, depth) => {
  const map = readObject(value, name);
  const inside = deeper(depth);
  return map === null ? {} : Object.fromEntries(readAttributes(map, "values", inside));
};

const valueFields: ReadonlyMap<string, ReadValue> = new Map<string, ReadValue>([
  ["stringValue", readText],
  ["boolValue", readBoolean],
  ["intValue", readInt64],
  ["doubleValue", readDouble],
  ["arrayValue", readArray],
  ["kvlistValue", readMap],
  ["bytesValue", readBase64],
]);
