import type { ErrorCode } from "../../core/errors.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { ApiReply } from "./api-request.ts";

/** A reply of JSON. */
export const jsonReply = (status: number, value: unknown): ApiReply => ({
  status,
  contentType: "application/json; charset=utf-8",
  body: JSON.stringify(value),
});

/** A reply of an error: `{"error":{"code","message"}}`. */
export const errorReply = (code: ErrorCode, message: string): ApiReply =>
  withPause(jsonReply(statusOf(code), { error: { code, message } }));

/** Another process begins to lead within seconds. */
const pauseSeconds = 5;

const withPause = (reply: ApiReply): ApiReply =>
  reply.status === 503 ? { ...reply, headers: { "retry-after": String(pauseSeconds) } } : reply;

/** The reply to an error of ours; null when it is none, or none that a caller can do something about. */
export const replyToError = (error: unknown): ApiReply | null =>
  error instanceof PlumblineError && (statuses[error.code] !== undefined || error.isRetryable)
    ? errorReply(error.code, error.message)
    : null;

const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  "http.invalid_request": 400,
  "http.unauthorized": 401,
  "http.foreign_origin": 403,
  "http.unknown_path": 404,
  "canary.unknown": 404,
  "delivery.unknown": 404,
  "baseline.unknown": 404,
  "http.method_not_allowed": 405,
  "canary.refused": 409,
  "baseline.refused": 409,
  "http.too_large": 413,
  "http.not_json": 415,
  "http.too_many_requests": 429,
};

const statusOf = (code: ErrorCode): number => statuses[code] ?? 503;
