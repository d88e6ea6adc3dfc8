import { createHash } from "node:crypto";
import { alertLine, cutTo, linkOf, severityOf, titleOf } from "./describe-notification.ts";
import type { Notification } from "./group.ts";
import type { PostDeps } from "./post.ts";
import { post } from "./post.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverConfigOf } from "./receiver-config.ts";
import { commonOf, statusOf } from "./webhook-payload.ts";

/** Longest summary that the Events API takes, in characters, and how many alerts are shown of a group. */
const longestSummary = 1_024;
const shownAlerts = 50;

/** Triggers, updates and resolves one incident of PagerDuty for each group. */
export const pagerdutyReceiver = (
  config: ReceiverConfigOf<"pagerduty">,
  deps: PostDeps & { readonly externalUrl: string },
): Receiver => ({
  sendsResolved: config.sendsResolved,
  resendMs: null,
  send: (notification) =>
    post(deps, {
      url: config.url,
      body: JSON.stringify({ routing_key: config.routingKey, ...pagerdutyEvent(notification, deps.externalUrl) }),
    }),
  close: () => {},
});

/** The event of a notification, without the routing key. */
export const pagerdutyEvent = (notification: Notification, externalUrl: string) => {
  const { groupKey, groupLabels, alerts, receiver } = notification;
  // One incident for a group, for as long as the group lives: the key must not depend on what is told.
  const dedupKey = createHash("sha256").update(groupKey).digest("hex");
  if (statusOf(notification) === "resolved") {
    return { event_action: "resolve", dedup_key: dedupKey };
  }
  const first = alerts.find(({ status }) => status === "firing");
  return {
    event_action: "trigger",
    dedup_key: dedupKey,
    client: "Plumbline",
    client_url: externalUrl,
    links: [{ href: linkOf(notification, externalUrl), text: "Look at it" }],
    payload: {
      summary: cutTo(titleOf(notification), longestSummary),
      source: groupLabels["route"] ?? receiver,
      severity: severityOf(notification),
      timestamp: new Date(first?.startsAtMs ?? notification.plannedAtMs).toISOString(),
      custom_details: {
        alerts: alerts.slice(0, shownAlerts).map((alert) => cutTo(alertLine(alert), longestSummary)),
        labels: commonOf(alerts.map(({ labels }) => labels)),
        reason: notification.reason,
      },
    },
  };
};
