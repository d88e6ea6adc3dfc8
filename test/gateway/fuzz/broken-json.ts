import fc from "fast-check";
import { isRecord } from "../../../gateway/is-record.ts";
import { wildJson } from "./wild-json.ts";

type Path = readonly (string | number)[];

const pathsOf = (value: unknown, at: Path = []): readonly Path[] => {
  if (Array.isArray(value)) return [at, ...value.flatMap((each, index) => pathsOf(each, [...at, index]))];
  if (!isRecord(value)) return [at];
  return [at, ...Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...at, name]))];
};

const replaced = (value: unknown, [first, ...rest]: Path, by: unknown): unknown => {
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((each, index) => (index === first ? replaced(each, rest, by) : each));
  return isRecord(value) ? { ...value, [first]: replaced(value[first], rest, by) } : value;
};

/** A value that is right but for up to three places in it, where anything may stand. */
export const brokenJson = (right: unknown): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsOf(right).filter((path) => path.length > 0)), wildJson), { maxLength: 3 })
    .map((changes) => changes.reduce((value, [path, by]) => replaced(value, path, by), right));
