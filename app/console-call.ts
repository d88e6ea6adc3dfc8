import { z } from "zod";
import type { ErrorCode } from "../core/errors.ts";
import { errorCodes, messageOf, PlumblineError } from "../core/errors.ts";

/** Where the system is, and what it wants to see of those who change something. */
export interface ConsoleAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string | undefined;
}

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const waitMs = 15_000;

/** What is said where the process that answers runs no role alerts. */
export const withoutAlerts = (url: string): PlumblineError =>
  new PlumblineError("console.unreachable", `The process at ${url} does not run the role alerts.`);

/** Asks the console, as POST where there is a body; rejects with its own error, or `console.unreachable`. */
export const callConsole = async (
  { url, token }: ConsoleAddress,
  path: string,
  body: object | null,
): Promise<unknown> => {
  const response = await fetch(`${url}${path}`, {
    method: body === null ? "GET" : "POST",
    headers: {
      accept: "application/json",
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === null ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(waitMs),
  }).catch((cause: unknown) => {
    throw new PlumblineError("console.unreachable", `Nothing answers at ${url}: ${reasonOf(cause)}.`, { cause });
  });
  const answered: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    throw errorOf(url, response.status, answered);
  }
  return answered;
};

const reasonOf = (cause: unknown): string =>
  cause instanceof Error && cause.cause instanceof Error ? messageOf(cause.cause) : messageOf(cause);

const errorOf = (url: string, status: number, answered: unknown): PlumblineError => {
  const told = failure.safeParse(answered);
  const code = told.success ? told.data.error.code : "";
  if (code === "http.unknown_path" || code === "http.method_not_allowed") {
    return withoutAlerts(url);
  }
  return isErrorCode(code)
    ? new PlumblineError(code, told.data?.error.message ?? "")
    : new PlumblineError(
        "console.unreachable",
        `What answers at ${url} is no console of Plumbline (status ${status}).`,
      );
};

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);
