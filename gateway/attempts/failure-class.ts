import type { Ending } from "../relay.ts";

/**
 * Whose fault a failed attempt is, which decides what may help: nothing for the caller's own `request`; another key for `key`,
 * another account for `account`, another model for `model`; time or another target for `rate_limit` and `provider`.
 */
export type FailureClass = "request" | "key" | "account" | "model" | "rate_limit" | "provider";

/** How an attempt failed. */
export interface AttemptFailure extends Ending {
  /** Status of the answer; null when none came. */
  readonly httpStatus: number | null;
}

/** Names by which providers say that nobody has paid, and not that there is too much at once. */
const accountTypes: ReadonlySet<string> = new Set([
  "insufficient_quota",
  "billing_hard_limit_reached",
  "billing_not_active",
  "billing_error",
  "credit_balance_too_low",
]);

/** Names by which providers say that it is the key which is wrong, whatever the status. */
const keyTypes: ReadonlySet<string> = new Set(["API_KEY_INVALID"]);

/** What providers call errors within an answer that began well. */
const typesInStream: ReadonlyMap<string, FailureClass> = new Map([
  ["invalid_request_error", "request"],
  ["content_filter", "request"],
  ["rate_limit_error", "rate_limit"],
  ["rate_limit_exceeded", "rate_limit"],
  ["throttlingException", "rate_limit"],
  ["ThrottlingException", "rate_limit"],
  ["validationException", "request"],
]);

const statuses: ReadonlyMap<number, FailureClass> = new Map([
  [401, "key"],
  [402, "account"],
  [403, "key"],
  [404, "model"],
  [408, "provider"],
  [409, "provider"],
  [410, "model"],
  [425, "provider"],
  [429, "rate_limit"],
]);

/** Whose fault a failed attempt is. */
export const failureClass = ({ httpStatus, errorType }: AttemptFailure): FailureClass => {
  if (errorType !== null && accountTypes.has(errorType)) return "account";
  if (errorType !== null && keyTypes.has(errorType)) return "key";
  if (httpStatus === null || httpStatus >= 500) return "provider";
  if (httpStatus < 400) return typesInStream.get(errorType ?? "") ?? "provider";
  return statuses.get(httpStatus) ?? "request";
};
