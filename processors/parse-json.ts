import { messageOf } from "../core/errors.ts";

/** A place where an integer may stand that a double does not hold; also matched within a text, which costs only time. */
const longInteger = /[:[,]\s*-?\d{16}/;

/** Digits of the longest 64-bit integer, with its sign. */
const longest = 20;

/**
 * Parses JSON; integers of up to 64 bits that a double does not hold come as bigint. What it throws says where the text goes
 * wrong as far as the engine tells, and quotes nothing of it: it may hold what a caller wrote.
 */
export const parseJson = (bytes: Uint8Array): unknown => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  try {
    return longInteger.test(text) ? JSON.parse(text, keepInteger) : JSON.parse(text);
  } catch (error) {
    const place = / at position \d+/.exec(messageOf(error))?.[0] ?? "";
    throw new SyntaxError(`no valid JSON${place}`);
  }
};

/** The third argument, which the type of `JSON.parse` does not know yet, holds the text of the value. */
const keepInteger = (_name: string, value: unknown, ...[context]: readonly unknown[]): unknown => {
  if (typeof value !== "number" || Number.isSafeInteger(value)) {
    return value;
  }
  const source = sourceOf(context);
  return source.length <= longest && /^-?\d+$/.test(source) ? BigInt(source) : value;
};

const sourceOf = (context: unknown): string =>
  typeof context === "object" && context !== null && "source" in context ? String(context.source) : "";
