import { z } from "zod";
import type { ConsoleAddress } from "../console-client.ts";
import { callConsole, withoutAlerts } from "../console-client.ts";

const labels = z.record(z.string(), z.string());

const alert = z.looseObject({
  fingerprint: z.string(),
  labels,
  annotations: labels,
  status: z.string(),
  startsAtMs: z.number(),
  silencedBy: z.string().nullable(),
});

const silence = z.looseObject({
  id: z.string(),
  matchers: z.array(z.object({ name: z.string(), operator: z.string(), value: z.string() })),
  startsAtMs: z.number(),
  endsAtMs: z.number(),
  author: z.string(),
  comment: z.string(),
});

const deadLetter = z.looseObject({
  id: z.string(),
  receiver: z.string(),
  alerts: z.array(z.object({ labels, status: z.string() })),
  atMs: z.number(),
  reason: z.string(),
  says: z.string(),
  tries: z.number(),
});

/** An alert, a silence, and a notification that was not sent, as the API tells them. */
export type AlertTold = z.infer<typeof alert>;
export type SilenceTold = z.infer<typeof silence>;
export type DeadLetterTold = z.infer<typeof deadLetter>;

/** The running system, as far as it tells people. Every method rejects with the system's own error, or `console.unreachable`. */
export interface AlertsClient {
  readonly alerts: () => Promise<readonly AlertTold[]>;
  readonly silences: () => Promise<readonly SilenceTold[]>;
  readonly deadLetters: () => Promise<readonly DeadLetterTold[]>;
  readonly silence: (asked: object) => Promise<SilenceTold>;
  readonly unsilence: (id: string) => Promise<void>;
  readonly redeliver: (id: string) => Promise<void>;
}

/** Makes a client. */
export const createAlertsClient = (address: ConsoleAddress): AlertsClient => {
  const list = async <Listed extends z.ZodType>(path: string, listed: Listed): Promise<z.infer<Listed>> => {
    const answered = await callConsole(address, path, null);
    // A console without the role alerts answers null.
    if (answered === null) {
      throw withoutAlerts(address.url);
    }
    return listed.parse(answered);
  };
  const post = (path: string, body: object) => callConsole(address, path, body);
  return {
    alerts: async () => (await list("/api/alerts", z.object({ alerts: z.array(alert) }))).alerts,
    silences: async () => (await list("/api/silences", z.object({ silences: z.array(silence) }))).silences,
    deadLetters: async () =>
      (await list("/api/dead-letters", z.object({ deadLetters: z.array(deadLetter) }))).deadLetters,
    silence: async (asked) => silence.parse(await post("/api/silences", asked)),
    unsilence: async (id) => void (await post(`/api/silences/${encodeURIComponent(id)}/end`, {})),
    redeliver: async (id) => void (await post(`/api/dead-letters/${encodeURIComponent(id)}/redeliver`, {})),
  };
};
