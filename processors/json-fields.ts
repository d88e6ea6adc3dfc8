import type { JsonObject } from "./json-object.ts";
import { has, wrong } from "./json-object.ts";

/** Reads text; empty when the field is not there. */
export const readText = (object: JsonObject, name: string): string => {
  const value = object.fields[name] ?? "";
  if (typeof value !== "string") {
    throw wrong(object, name, "no text");
  }
  return value.toWellFormed();
};

/** Reads bytes that JSON has as hex, such as ids, to lower-case hex; empty when the field is not there. */
export const readHex = (object: JsonObject, name: string): string => {
  const text = readText(object, name);
  if (!/^[0-9a-fA-F]*$/.test(text)) {
    throw wrong(object, name, "no hex");
  }
  return text.toLowerCase();
};

/** Reads bytes that JSON has as base64, also in the alphabet for URLs and without padding, to plain base64 text. */
export const readBase64 = (object: JsonObject, name: string): string => {
  const text = readText(object, name);
  if (!base64Text.test(text) || text.replaceAll("=", "").length % 4 === 1) {
    throw wrong(object, name, "no base64");
  }
  return Buffer.from(text, "base64").toString("base64");
};

const base64Text = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads a boolean; false when the field is not there. */
export const readBoolean = (object: JsonObject, name: string): boolean => {
  const value = object.fields[name] ?? false;
  if (typeof value !== "boolean") {
    throw wrong(object, name, "neither true nor false");
  }
  return value;
};

/** Reads a signed 64-bit integer, in decimal text or as a number: a number while it is exact, else a bigint. */
export const readInt64 = (object: JsonObject, name: string): number | bigint => {
  const value = integerOf(object, name);
  if (BigInt.asIntN(64, value) !== value) {
    throw wrong(object, name, "beyond 64 bits");
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/** Reads an unsigned 64-bit integer, in decimal text or as a number; 0 when the field is not there. */
export const readUint64 = (object: JsonObject, name: string): bigint => {
  const value = has(object, name) ? integerOf(object, name) : 0n;
  if (BigInt.asUintN(64, value) !== value) {
    throw wrong(object, name, "negative or beyond 64 bits");
  }
  return value;
};

/** Reads a double: a number, or as text a number, `NaN`, `Infinity` or `-Infinity`. */
export const readDouble = (object: JsonObject, name: string): number => {
  const value = object.fields[name];
  if (typeof value === "number" && Number.isFinite(value)) {
    return value;
  }
  if (typeof value === "bigint") {
    return Number(value);
  }
  if (typeof value === "string" && doubleText.test(value)) {
    return Number(value);
  }
  throw wrong(object, name, "no double");
};

const doubleText = /^(?:NaN|-?Infinity|-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?)$/;

/** Reads an enum by its number or its name in `names`, to the number; 0 when the field is not there. */
export const readEnum = (object: JsonObject, name: string, names: readonly string[]): number => {
  const value = object.fields[name] ?? 0;
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return value;
  }
  const number = typeof value === "string" ? names.indexOf(value) : -1;
  if (number === -1) {
    throw wrong(object, name, "no value of its enum");
  }
  return number;
};

const integerOf = (object: JsonObject, name: string): bigint => {
  const value = object.fields[name];
  if (typeof value === "bigint") {
    return value;
  }
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) {
    return BigInt(value);
  }
  if (typeof value === "number" && Number.isInteger(value)) {
    return BigInt(value);
  }
  throw wrong(object, name, "no integer");
};
