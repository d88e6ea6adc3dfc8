import type { ServerResponse } from "node:http";
import type { ErrorCode } from "../../core/errors.ts";
import { PlumblineError } from "../../core/errors.ts";

/** What the server sends back. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything comes from the console itself, and nothing may frame it. */
const securityHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
} as const;

/** A reply of JSON that must not be kept. */
export const jsonReply = (status: number, value: unknown): Reply => ({
  status,
  contentType: "application/json; charset=utf-8",
  body: JSON.stringify(value),
});

/** A reply of an error: `{"error":{"code","message"}}`. */
export const errorReply = (status: number, code: ErrorCode, message: string): Reply =>
  jsonReply(status, { error: { code, message } });

const statusOf = (error: PlumblineError): number => {
  if (error.code === "store.unknown_question") return 404;
  if (error.code === "store.bad_parameter") return 400;
  return error.isRetryable ? 503 : 500;
};

/** The reply to anything that was thrown; what is not of ours keeps its text to the log. */
export const replyToError = (error: unknown): Reply =>
  error instanceof PlumblineError
    ? errorReply(statusOf(error), error.code, error.message)
    : errorReply(500, "http.internal", "The console failed to answer: its log says why.");

/** Writes a reply with the headers that every one has; `HEAD` gets no body. */
export const send = (response: ServerResponse, reply: Reply): void => {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, {
    ...securityHeaders,
    "cache-control": "no-store",
    "content-type": reply.contentType,
    "content-length": body.length,
    ...reply.headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
};
