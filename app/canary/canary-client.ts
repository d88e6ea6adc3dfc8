import { z } from "zod";
import type { ErrorCode } from "../../core/errors.ts";
import { errorCodes, messageOf, PlumblineError } from "../../core/errors.ts";

const effect = z.object({
  of: z.enum(["rate", "above", "mean"]),
  threshold: z.number().nullable(),
  ratio: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** A canary as the API tells it; docs/canaries.md has the whole of it. */
const canary = z.looseObject({
  id: z.string(),
  route: z.string(),
  candidate: z.string(),
  plan: z.string(),
  traffic: z.enum(["gateway", "external"]),
  status: z.string(),
  verdict: z.string(),
  says: z.string(),
  stage: z.object({ index: z.number(), count: z.number(), name: z.string() }),
  share: z.number().nullable(),
  logEvidence: z.number(),
  logBound: z.number(),
  candidateCalls: z.number(),
  neededCalls: z.number().nullable(),
  worst: z.object({ metric: z.string(), unit: z.string(), effect: effect.nullable() }).nullable(),
  waitsFor: z.string().nullable(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
});

/** A canary as the API tells it. */
export type CanaryTold = z.infer<typeof canary>;

/** What a canary is started with. */
export type CanaryAsked = Readonly<Record<string, string>>;

/** The running system, as far as it is about canaries. Every method rejects with the system's own error, or `console.unreachable`. */
export interface CanaryClient {
  readonly list: () => Promise<readonly CanaryTold[]>;
  readonly find: (id: string) => Promise<CanaryTold>;
  readonly start: (asked: CanaryAsked) => Promise<CanaryTold>;
  readonly end: (id: string, action: "abort" | "promote", reason: string) => Promise<CanaryTold>;
}

/** Where the system is, and what it wants to see of those who change something. */
export interface CanaryAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string | undefined;
}

/** A console without the role alerts answers null. */
const listOf = (url: string, answered: unknown): readonly CanaryTold[] => {
  const told = z
    .object({ canaries: z.array(canary) })
    .nullable()
    .parse(answered);
  if (told === null) {
    throw withoutAlerts(url);
  }
  return told.canaries;
};

const withoutAlerts = (url: string): PlumblineError =>
  new PlumblineError("console.unreachable", `The process at ${url} does not run the role alerts.`);

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const waitMs = 15_000;

/** Makes a client. */
export const createCanaryClient = (address: CanaryAddress): CanaryClient => {
  const get = (path: string) => call(address, path, null);
  const post = (path: string, body: object) => call(address, path, body);
  return {
    list: async () => listOf(address.url, await get("/api/canaries")),
    find: async (id) => canary.parse(await get(`/api/canaries/${encodeURIComponent(id)}`)),
    start: async (asked) => canary.parse(await post("/api/canaries", asked)),
    end: async (id, action, reason) =>
      canary.parse(await post(`/api/canaries/${encodeURIComponent(id)}/${action}`, { reason })),
  };
};

const call = async ({ url, token }: CanaryAddress, path: string, body: object | null): Promise<unknown> => {
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
