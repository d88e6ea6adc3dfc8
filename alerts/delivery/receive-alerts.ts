import { createHash } from "node:crypto";
import type { Alert } from "../../core/alert.ts";
import type { Clock } from "../../core/clock.ts";
import type { AlertEvent } from "../../core/events.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Store } from "../../store/store.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryConfig } from "./delivery-config.ts";
import { allAlerts, isFiring } from "./group.ts";
import { fromOutside, isFromOutside } from "./outside.ts";
import { alertsOf } from "./webhook-payload.ts";

/** What alerts from outside are taken with. */
export interface ReceiveDeps {
  readonly delivery: Pick<Delivery, "deliver" | "groups">;
  readonly store: Pick<Store, "saveEvents">;
  readonly config: Pick<DeliveryConfig, "outsideSeconds">;
  /** Address of the console: alerts that link to it are our own, come back. */
  readonly externalUrl: string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly meter: Meter;
}

/** How many alerts were taken and left alone, or what is wrong with what was sent. */
export type Receipt =
  | { readonly ok: true; readonly taken: number; readonly own: number }
  | { readonly ok: false; readonly message: string };

/**
 * Takes what an Alertmanager tells: what is new is an event, and all of it goes through the routing tree. Taking it again changes
 * nothing; it rejects with `store.unavailable` when it could not be saved, and then it must be sent again.
 */
export const receiveAlerts = async (deps: ReceiveDeps, payload: unknown): Promise<Receipt> => {
  const { clock, config, delivery, store, meter } = deps;
  const nowMs = clock.nowMs();
  const read = alertsOf(payload, { nowMs, believedMs: config.outsideSeconds * 1_000 });
  if (!read.ok) {
    meter.add("deliveryReceived", 1, { result: "unreadable" });
    return read;
  }
  const home = new URL(deps.externalUrl).href;
  const others = read.alerts.filter((alert) => isFromOutside(alert) || !alert.generatorUrl.startsWith(home));
  const alerts = others.map(fromOutside);
  const own = read.alerts.length - alerts.length;
  const news = newsOf(alerts, { nowMs, held: allAlerts(delivery.groups()) });
  // After a crash in between the same news is saved under the same token, which changes nothing.
  await store.saveEvents({ token: tokenOf(news), alerts: news.map((alert) => eventOf(alert, nowMs)) });
  await delivery.deliver(alerts);
  meter.add("deliveryReceived", alerts.length, { result: "taken" });
  meter.add("deliveryReceived", own, { result: "own" });
  return { ok: true, taken: alerts.length, own };
};

/** The alerts that begin or end, and not those that are only told again. */
const newsOf = (
  alerts: readonly Alert[],
  { held, nowMs }: { readonly held: readonly Alert[]; readonly nowMs: number },
): readonly Alert[] => {
  const firing = new Set(held.filter((alert) => isFiring(alert, nowMs)).map(({ fingerprint }) => fingerprint));
  return alerts.filter(({ fingerprint, status }) => firing.has(fingerprint) !== (status === "firing"));
};

const tokenOf = (news: readonly Alert[]): string => {
  const told = news.map(({ fingerprint, status, startsAtMs }) => [fingerprint, status, startsAtMs]);
  return `outside:${createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 32)}`;
};

const eventOf = (alert: Alert, atMs: number): AlertEvent => ({
  atMs,
  rule: alert.labels["alertname"] ?? "",
  fingerprint: alert.fingerprint,
  labels: alert.labels,
  annotations: alert.annotations,
  state: alert.status,
  reason: "an Alertmanager says so",
  value: null,
  startsAtMs: alert.startsAtMs,
  action: alert.action,
});
