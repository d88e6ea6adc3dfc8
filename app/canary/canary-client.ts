import { z } from "zod";
import type { ConsoleAddress } from "../console-client.ts";
import { callConsole, withoutAlerts } from "../console-client.ts";

const effect = z.object({
  of: z.enum(["rate", "above", "mean", "wording"]),
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

/** Makes a client. */
export const createCanaryClient = (address: ConsoleAddress): CanaryClient => {
  const get = (path: string) => callConsole(address, path, null);
  const post = (path: string, body: object) => callConsole(address, path, body);
  return {
    list: async () => listOf(address.url, await get("/api/canaries")),
    find: async (id) => canary.parse(await get(`/api/canaries/${encodeURIComponent(id)}`)),
    start: async (asked) => canary.parse(await post("/api/canaries", asked)),
    end: async (id, action, reason) =>
      canary.parse(await post(`/api/canaries/${encodeURIComponent(id)}/${action}`, { reason })),
  };
};
