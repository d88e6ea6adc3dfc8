import { z } from "zod";

const time = z.number().nullable();
const labels = z.record(z.string(), z.string());

/** Where an alert stands: nothing; the condition holds, not for long enough; it fires; it has ended. */
const alertStates = ["inactive", "pending", "firing", "resolved"] as const;

/** An alert as the engine keeps it: where it stands, and the times that made it so, in milliseconds since the Unix epoch. */
export const trackedAlert = z.object({
  /** 16 hex characters: a hash of the labels. */
  fingerprint: z.string(),
  labels,
  /** As of the last look at which the condition held. */
  annotations: labels,
  state: z.enum(alertStates),
  /** Since when the condition holds, or held when it fired; null while it does not and did not. */
  activeAtMs: time,
  /** When it began to fire last; null when it never has. */
  firedAtMs: time,
  /** When it ended last; null while it fires, and when it never has. */
  resolvedAtMs: time,
  /** Since when it fires without its condition; null while the condition holds. */
  keepFiringSinceMs: time,
  /** When the series had a value last; null when it never has. */
  lastSeenMs: time,
  /** When it was looked at last. */
  lookedAtMs: z.number(),
  /** The last value; null when it never had one. */
  value: z.number().nullable(),
  /** Whether the condition held at the last value. */
  wasOver: z.boolean(),
});

/** An alert as the engine keeps it. */
export type TrackedAlert = z.infer<typeof trackedAlert>;

/** A series that is looked at for the first time. */
export const newAlert = (
  args: Pick<TrackedAlert, "fingerprint" | "labels"> & { readonly nowMs: number },
): TrackedAlert => ({
  fingerprint: args.fingerprint,
  labels: args.labels,
  annotations: {},
  state: "inactive",
  activeAtMs: null,
  firedAtMs: null,
  resolvedAtMs: null,
  keepFiringSinceMs: null,
  lastSeenMs: null,
  lookedAtMs: args.nowMs,
  value: null,
  wasOver: false,
});
