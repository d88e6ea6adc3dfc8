import { z } from "zod";
import type { Alert, Labels } from "../../core/alert.ts";
import { fingerprintOf } from "../rules/fingerprint.ts";
import type { Notification } from "./group.ts";

/** What Go writes for "no time": the end of an alert that fires. */
const noTime = "0001-01-01T00:00:00Z";

const labels = z.record(z.string().min(1).max(256), z.string().max(16_384));
const status = z.enum(["firing", "resolved"]);
const time = z.iso.datetime({ offset: true });

/** Alertmanager's webhook payload, version 4; fields that it does not name are accepted and left alone. */
const webhookPayload = z.looseObject({
  version: z.literal("4"),
  groupKey: z.string(),
  truncatedAlerts: z.int().min(0).default(0),
  status,
  receiver: z.string(),
  groupLabels: labels,
  commonLabels: labels,
  commonAnnotations: labels,
  externalURL: z.string(),
  alerts: z
    .array(
      z.looseObject({
        status,
        labels,
        annotations: labels.default({}),
        startsAt: time,
        endsAt: time.optional(),
        generatorURL: z.string().default(""),
        fingerprint: z.string().default(""),
      }),
    )
    .max(100_000),
});

/** Alertmanager's webhook payload, version 4. */
export type WebhookPayload = z.infer<typeof webhookPayload>;

/** The payload of a notification. At most `maxAlerts` alerts are in it, and the others are counted; 0 means all. */
export const payloadOf = (
  notification: Notification,
  { externalUrl, maxAlerts }: { readonly externalUrl: string; readonly maxAlerts: number },
): WebhookPayload => {
  const { alerts, receiver, groupKey, groupLabels } = notification;
  const shown = maxAlerts === 0 ? alerts : alerts.slice(0, maxAlerts);
  return {
    version: "4",
    groupKey,
    truncatedAlerts: alerts.length - shown.length,
    status: statusOf(notification),
    receiver,
    groupLabels: { ...groupLabels },
    commonLabels: commonOf(alerts.map((alert) => alert.labels)),
    commonAnnotations: commonOf(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts: shown.map((alert) => ({
      status: alert.status,
      labels: { ...alert.labels },
      annotations: { ...alert.annotations },
      startsAt: new Date(alert.startsAtMs).toISOString(),
      endsAt: alert.status === "firing" ? noTime : new Date(alert.endsAtMs).toISOString(),
      generatorURL: alert.generatorUrl,
      fingerprint: alert.fingerprint,
    })),
  };
};

/** `firing` while any of its alerts fires. */
export const statusOf = ({ alerts }: Pick<Notification, "alerts">): Alert["status"] =>
  alerts.some((alert) => alert.status === "firing") ? "firing" : "resolved";

/** The names that all have with one value. */
export const commonOf = (all: readonly Labels[]): Record<string, string> =>
  Object.fromEntries(Object.entries(all[0] ?? {}).filter(([name, value]) => all.every((each) => each[name] === value)));

/** Alerts of somebody else's, or what is wrong with what he sent. */
export type ReceivedAlerts =
  | { readonly ok: true; readonly alerts: readonly Alert[] }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a webhook payload. An alert that fires is believed for `believedMs`, since the payload names no end. Its action is to be
 * told, whatever it says: what others send must not move traffic.
 */
export const alertsOf = (
  payload: unknown,
  { nowMs, believedMs }: { readonly nowMs: number; readonly believedMs: number },
): ReceivedAlerts => {
  const parsed = webhookPayload.safeParse(payload);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3);
    return { ok: false, message: issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ") };
  }
  const alerts = parsed.data.alerts.map((alert): Alert => {
    const endsAtMs = Math.max(0, Date.parse(alert.endsAt ?? noTime));
    return {
      fingerprint: fingerprintOf(alert.labels),
      labels: alert.labels,
      annotations: alert.annotations,
      status: alert.status,
      startsAtMs: Math.max(0, Date.parse(alert.startsAt)),
      endsAtMs: alert.status === "firing" ? nowMs + believedMs : endsAtMs || nowMs,
      generatorUrl: alert.generatorURL,
      value: null,
      action: "notify",
    };
  });
  return { ok: true, alerts };
};
