import { createHash } from "node:crypto";
import type { Alert, Labels } from "../../../core/alert.ts";

/** When the stories of these tests begin, in milliseconds since the Unix epoch. */
export const startMs = Date.UTC(2026, 0, 1);

/** An alert that fires from `startMs` on and is believed for an hour; its fingerprint follows from its labels. */
export const alertOf = (labels: Labels, more: Partial<Alert> = {}): Alert => ({
  fingerprint: createHash("sha256")
    .update(JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest("hex")
    .slice(0, 16),
  labels,
  annotations: { summary: `${labels["alertname"] ?? "something"} is wrong` },
  status: "firing",
  startsAtMs: startMs,
  endsAtMs: startMs + 3_600_000,
  generatorUrl: "http://127.0.0.1:8081/",
  value: 1,
  action: "notify",
  ...more,
});

/** The same alert, over at a moment. */
export const over = (alert: Alert, atMs: number): Alert => ({ ...alert, status: "resolved", endsAtMs: atMs });
