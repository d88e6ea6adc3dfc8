import { parseJson } from "./parse-json.ts";

/** A JSON object within a document. It knows where it stands, so that an error can name the place. */
export interface JsonObject {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Null for the document itself. */
  readonly within: JsonObject | null;
  /** Name of the field that holds it; empty for the document itself. */
  readonly name: string;
  /** Where it stands in the array of that field; null when the field holds it alone. */
  readonly index: number | null;
}

/** Reads the bytes of a document that is one object. */
export const objectOf = (bytes: Uint8Array): JsonObject => {
  const fields = parseJson(bytes);
  if (!isObject(fields)) {
    throw new TypeError("no JSON object");
  }
  return { fields, within: null, name: "", index: null };
};

/** Whether a field is there; null counts as not there, as in the JSON of protobuf. */
export const has = (object: JsonObject, name: string): boolean => (object.fields[name] ?? null) !== null;

/** Reads the object in a field; null when there is none. */
export const readObject = (object: JsonObject, name: string): JsonObject | null => {
  if (!has(object, name)) {
    return null;
  }
  const fields = object.fields[name];
  if (!isObject(fields)) {
    throw wrong(object, name, "no object");
  }
  return { fields, within: object, name, index: null };
};

/** Reads the objects in the array of a field, in order. */
export const readObjects = (object: JsonObject, name: string, onObject: (item: JsonObject) => void): void => {
  if (!has(object, name)) {
    return;
  }
  const items = object.fields[name];
  if (!isArray(items)) {
    throw wrong(object, name, "no array");
  }
  for (const [index, fields] of items.entries()) {
    if (!isObject(fields)) {
      throw wrong(object, `${name}[${index}]`, "no object");
    }
    onObject({ fields, within: object, name, index });
  }
};

/** An error about a field, which names the field and tells nothing of its value. */
export const wrong = (object: JsonObject, name: string, problem: string): TypeError =>
  new TypeError(`${pathOf(object)}${name} is ${problem}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const pathOf = (object: JsonObject): string => {
  const steps: string[] = [];
  for (let at: JsonObject | null = object; at !== null && at.within !== null; at = at.within) {
    steps.push(at.index === null ? `${at.name}.` : `${at.name}[${at.index}].`);
  }
  return steps.toReversed().join("");
};
