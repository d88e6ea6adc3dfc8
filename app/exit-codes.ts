import type { ErrorCode } from "../core/errors.ts";
import { PlumblineError } from "../core/errors.ts";

/** What the process answers to its shell; `config` is EX_CONFIG of sysexits.h. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, config: 78 } as const;

/** The exit code of an error: usage and configuration mistakes have their own, everything else is a failure. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof PlumblineError ? codeOf(error.code) : exitCodes.failed;

const codeOf = (code: ErrorCode): number => {
  switch (code) {
    case "cli.usage":
    case "http.invalid_request":
    case "store.unknown_question":
    case "store.bad_parameter":
      return exitCodes.usage;
    case "config.invalid":
    case "config.unreadable":
      return exitCodes.config;
    default:
      return exitCodes.failed;
  }
};
