import { isUtf8 } from "node:buffer";
import { isRecord } from "./is-record.ts";
import { readJson } from "./parse-json.ts";
import type { Refusal } from "./refusal.ts";

/** What a member of a request must be. */
export interface MemberCheck {
  readonly param: string;
  readonly expected: string;
  readonly isRight: (value: unknown) => boolean;
}

/** A request that is none, and why. */
export interface Malformed {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** The members of a request body. */
export interface ParsedMembers {
  readonly ok: true;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Whether a member is left out; null counts as left out, as providers take it. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** The members of a body, which must be a JSON object. */
export const parseMembers = (body: Buffer): ParsedMembers | Malformed => {
  // Bytes that are no UTF-8 are no JSON either.
  const read = isUtf8(body) ? readJson(body) : null;
  if (read?.ok !== true) {
    const isDeep = read?.problem === "too_deep";
    return malformed(isDeep ? "The body is nested deeper than 200 levels." : "The body is not valid JSON.", null);
  }
  const { value } = read;
  return isRecord(value) ? { ok: true, members: value } : malformed("The body must be a JSON object.", null);
};

/** The first member that is not what it must be; null when all are. Hand-written, for this runs on bodies of any size. */
export const problemOf = (
  members: Readonly<Record<string, unknown>>,
  checks: readonly MemberCheck[],
): Malformed | null => {
  for (const { param, expected, isRight } of checks) {
    if (!isRight(members[param])) {
      return malformed(`'${param}' must be ${expected}.`, param);
    }
  }
  return null;
};

/** The first message that is none; null when all are. */
export const findMessageProblem = (messages: unknown): Malformed | null => {
  for (const [index, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (!isRecord(message)) {
      return mustBe(`messages[${index}]`, "an object");
    }
    if (typeof message["role"] !== "string") {
      return mustBe(`messages[${index}].role`, "a string");
    }
    const { content } = message;
    if (!isAbsent(content) && typeof content !== "string" && !Array.isArray(content)) {
      return mustBe(`messages[${index}].content`, "a string or an array");
    }
  }
  return null;
};

const mustBe = (param: string, expected: string): Malformed => malformed(`'${param}' must be ${expected}.`, param);

const malformed = (message: string, param: string | null): Malformed => ({
  ok: false,
  refusal: { code: "request.malformed", message, param },
});
