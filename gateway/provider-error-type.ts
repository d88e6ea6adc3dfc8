import { isRecord } from "./is-record.ts";

const shortName = /^[\w.-]{1,64}$/;

/** A name of few values for the `error` member of a provider's answer: its code, type or status, else `_OTHER`. */
export const providerErrorType = (error: unknown): string => {
  const candidates = isRecord(error)
    ? [keyReason(error["details"]), error["code"], error["type"], error["status"]]
    : [];
  const name = candidates.find((value) => typeof value === "string" && shortName.test(value));
  return typeof name === "string" ? name : "_OTHER";
};

/** Google answers a key that it does not know as it does a bad request, and says which it is in a detail alone. */
const keyReason = (details: unknown): string | null => {
  const isAboutKey = (detail: unknown): boolean => isRecord(detail) && detail["reason"] === invalidKey;
  return Array.isArray(details) && details.some(isAboutKey) ? invalidKey : null;
};

const invalidKey = "API_KEY_INVALID";
