import type { ResponseHeaders } from "../providers/provider.ts";

const decimal = /^\d{1,9}(\.\d{1,9})?$/;

/**
 * How long an answer asks its reader to wait, in milliseconds: `retry-after-ms`, else `Retry-After` in seconds or as a date
 * (RFC 9110, section 10.2.3). Null when it does not say, or says it in no such form; a time that has passed is 0.
 */
export const retryAfterMs = (headers: ResponseHeaders, nowMs: number): number | null => {
  const ms = headers["retry-after-ms"];
  if (typeof ms === "string" && decimal.test(ms)) return Number(ms);
  const text = headers["retry-after"];
  if (typeof text !== "string") return null;
  if (decimal.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
};
