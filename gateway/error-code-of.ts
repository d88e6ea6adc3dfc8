import type { ErrorCode } from "../core/errors.ts";
import { PlumblineError } from "../core/errors.ts";

/** The code of anything that was thrown; `gateway.internal` when it has none of ours. */
export const errorCodeOf = (error: unknown): ErrorCode =>
  error instanceof PlumblineError ? error.code : "gateway.internal";
