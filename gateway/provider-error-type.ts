import { isRecord } from "./is-record.ts";

const shortName = /^[\w.-]{1,64}$/;

/** A name of few values for the `error` member of a provider's answer: its code, type or status, else `_OTHER`. */
export const providerErrorType = (error: unknown): string => {
  const candidates = isRecord(error) ? [error["code"], error["type"], error["status"]] : [];
  const name = candidates.find((value) => typeof value === "string" && shortName.test(value));
  return typeof name === "string" ? name : "_OTHER";
};
