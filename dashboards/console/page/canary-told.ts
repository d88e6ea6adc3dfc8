import { ApiError, getJson, isRecord, requestJson } from "./api.ts";

/** A canary as the API tells it; the page and its server are of one version. Logarithms are natural, times are milliseconds. */
export interface CanaryTold {
  readonly id: string;
  readonly route: string;
  readonly candidate: string;
  readonly traffic: "gateway" | "external";
  readonly status: "running" | "held" | "promoted" | "rolled_back" | "aborted" | "invalid";
  readonly verdict: string;
  readonly says: string;
  readonly stage: { readonly index: number; readonly count: number; readonly name: string };
  /** Null where others shift the traffic. */
  readonly share: number | null;
  readonly logEvidence: number;
  readonly logBound: number;
  readonly candidateCalls: number;
  readonly baselineCalls: number;
  readonly neededCalls: number | null;
  /** What it wants and may not do yet; null for nothing. */
  readonly waitsFor: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

/** What a person does to a canary. */
export type CanaryAction = "abort" | "promote";

const isCanary = (value: unknown): value is CanaryTold =>
  isRecord(value) &&
  ["id", "route", "candidate", "status", "says"].every((name) => typeof value[name] === "string") &&
  ["logEvidence", "logBound", "candidateCalls", "startedAtMs"].every((name) => typeof value[name] === "number") &&
  isRecord(value["stage"]);

/** The canaries there are, the latest first; null where nobody at this address runs any. */
export const fetchCanaries = async (signal: AbortSignal): Promise<readonly CanaryTold[] | null> => {
  const body = await getJson("/api/canaries", signal);
  if (body === null) return null;
  const canaries: unknown = isRecord(body) ? body["canaries"] : null;
  if (!Array.isArray(canaries) || !canaries.every(isCanary))
    throw new ApiError("page.unreadable", "The canaries are not understood: reload.");
  return canaries;
};

/** Takes a canary back or gives it all traffic; `token` is empty where none was asked for. */
export const endCanary = async (
  id: string,
  action: CanaryAction,
  given: { readonly reason: string; readonly token: string },
): Promise<void> => {
  await requestJson(`/api/canaries/${encodeURIComponent(id)}/${action}`, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      ...(given.token === "" ? {} : { authorization: `Bearer ${given.token}` }),
    },
    body: JSON.stringify({ reason: given.reason }),
  });
};
