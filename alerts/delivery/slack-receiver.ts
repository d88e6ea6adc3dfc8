import { alertLine, cutTo, linkOf, titleOf } from "./describe-notification.ts";
import type { Notification } from "./group.ts";
import type { PostDeps } from "./post.ts";
import { post } from "./post.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverConfigOf } from "./receiver-config.ts";

/** Slack's limits, in characters, and how many alerts are shown of a group. */
const longestHeader = 150;
const longestSection = 3_000;
const shownAlerts = 20;

/** Posts notifications to an incoming webhook of Slack. */
export const slackReceiver = (
  config: ReceiverConfigOf<"slack">,
  deps: PostDeps & { readonly externalUrl: string },
): Receiver => ({
  sendsResolved: config.sendsResolved,
  resendMs: null,
  send: (notification) =>
    post(deps, { url: config.url, body: JSON.stringify(slackMessage(notification, deps.externalUrl)) }),
  close: () => {},
});

/** The message: a header, the alerts, and where to look; each part within Slack's limits. */
export const slackMessage = (notification: Notification, externalUrl: string) => {
  const title = titleOf(notification);
  const { alerts, reason } = notification;
  const more = alerts.length - shownAlerts;
  const lines = alerts.slice(0, shownAlerts).map((alert) => `• ${escaped(alertLine(alert))}`);
  const all = [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
  const link = cutTo(
    `<${escaped(linkOf(notification, externalUrl))}|Look at it> (told because: ${reason})`,
    longestSection,
  );
  return {
    text: escaped(title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cutTo(title, longestHeader), emoji: false } },
      { type: "section", text: { type: "mrkdwn", text: cutTo(all, longestSection) } },
      { type: "context", elements: [{ type: "mrkdwn", text: link }] },
    ],
  };
};

/** The three characters with which Slack would begin links and mentions. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
