import type { ProviderFailure } from "./provider.ts";

const timeoutCodes: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** What an error of the HTTP client means for the call; `hasHead` tells whether the answer had begun. */
export const failureOf = (error: unknown, hasHead: boolean): ProviderFailure => {
  const errorType = codeOf(error);
  if (timeoutCodes.has(errorType)) {
    return { kind: "timeout", errorType };
  }
  return { kind: hasHead ? "cut" : "unreachable", errorType };
};

/** The code of the innermost error that has one; `_OTHER` when none has. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) {
    return "_OTHER";
  }
  const inner = error.cause === undefined ? "_OTHER" : codeOf(error.cause);
  if (inner !== "_OTHER") {
    return inner;
  }
  return "code" in error && typeof error.code === "string" ? error.code : "_OTHER";
};
