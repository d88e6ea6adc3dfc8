import type { ErrorCode } from "../core/errors.ts";
import type { CallerError } from "./surfaces/surface.ts";

/** Why the gateway itself answers a request with an error. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  /** The request's member that is wrong; null when none is to blame. */
  readonly param: string | null;
}

interface Answer {
  readonly status: number;
  /** Type in OpenAI's error object. */
  readonly type: "invalid_request_error" | "insufficient_quota" | "requests" | "api_error";
  /** Code in OpenAI's error object where OpenAI has a word of its own for it; else ours is used. */
  readonly openAiCode?: string;
}

const answers: Partial<Readonly<Record<ErrorCode, Answer>>> = {
  "request.malformed": { status: 400, type: "invalid_request_error" },
  "request.too_large": { status: 413, type: "invalid_request_error" },
  "request.timeout": { status: 408, type: "invalid_request_error" },
  "request.unknown_route": { status: 404, type: "invalid_request_error" },
  "request.unknown_model": { status: 404, type: "invalid_request_error", openAiCode: "model_not_found" },
  "request.unknown_path": { status: 404, type: "invalid_request_error" },
  "request.unsupported": { status: 400, type: "invalid_request_error" },
  "key.invalid": { status: 401, type: "invalid_request_error", openAiCode: "invalid_api_key" },
  "key.forbidden": { status: 403, type: "invalid_request_error" },
  "request.over_cap": { status: 400, type: "invalid_request_error" },
  "budget.exceeded": { status: 429, type: "insufficient_quota", openAiCode: "insufficient_quota" },
  "budget.rate": { status: 429, type: "requests", openAiCode: "rate_limit_exceeded" },
  "budget.unpriced": { status: 400, type: "invalid_request_error" },
  "gateway.draining": { status: 503, type: "api_error" },
  "spool.full": { status: 503, type: "api_error" },
  "spool.unwritable": { status: 503, type: "api_error" },
  "data.in_use": { status: 503, type: "api_error" },
  "bus.full": { status: 503, type: "api_error" },
  "bus.unavailable": { status: 503, type: "api_error" },
  "bus.closed": { status: 503, type: "api_error" },
  "constraint.unmet": { status: 403, type: "invalid_request_error" },
  "constraint.unmet_now": { status: 503, type: "api_error" },
  "provider.keys_busy": { status: 429, type: "requests", openAiCode: "rate_limit_exceeded" },
  "provider.keys_refused": { status: 503, type: "api_error" },
  "provider.unreachable": { status: 502, type: "api_error" },
  "provider.cut": { status: 502, type: "api_error" },
  "provider.malformed": { status: 502, type: "api_error" },
  "provider.timeout": { status: 504, type: "api_error" },
};

const internal: Answer = { status: 500, type: "api_error" };

/** A refusal as its caller is told of it. */
export const refusalError = ({ code, message, param }: Refusal): CallerError => {
  const { status, type, openAiCode } = answers[code] ?? internal;
  return { status, message, type, code: openAiCode ?? code, param };
};
