import { isRecord } from "../is-record.ts";
import { parseJson } from "../parse-json.ts";

/** The object at a member that may be anything; an empty one when it is no object. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** The objects of a member that may be anything; none when it is no list. */
export const recordsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/** A text; empty when the value is none. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A text that is not empty; null for anything else. */
export const nameOf = (value: unknown): string | null => textOf(value) || null;

/** A token count: a whole number from 0; null for anything else. */
export const countOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** The sum of a count and its further parts; null when the count itself is not known. */
export const sumOf = (count: number | null, ...parts: readonly (number | null)[]): number | null =>
  count === null ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), count);

/** The value of a JSON text that should be an object; an empty object when it is none, or nested deeper than 200 levels. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> => recordOf(parseJson(text));

/** The object without its members that are undefined or null. */
export const compact = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
