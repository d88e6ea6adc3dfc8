import type { Alert } from "../../core/alert.ts";
import type { Notification } from "./group.ts";
import { labelsText } from "./group.ts";
import { commonOf, statusOf } from "./webhook-payload.ts";

/** What a person reads first: how many alerts fire, which they are, and what they are about. */
export const titleOf = (notification: Notification): string => {
  const { alerts, groupLabels } = notification;
  const firing = alerts.filter(({ status }) => status === "firing").length;
  const state = firing > 0 ? `FIRING:${firing}` : "RESOLVED";
  const names = [...new Set(alerts.map(({ labels }) => labels["alertname"] ?? "alert"))].join(", ");
  const about = Object.keys(groupLabels).length === 0 ? "" : ` ${labelsText(groupLabels)}`;
  return oneLine(`[${state}] ${names}${about}`);
};

/** An alert in one line: its state, its name, and its summary. */
export const alertLine = ({ status, labels, annotations }: Alert): string => {
  const says = annotations["summary"] ?? annotations["description"] ?? labelsText(labels);
  return oneLine(`${status === "firing" ? "firing" : "resolved"}: ${labels["alertname"] ?? "alert"}: ${says}`);
};

/** The most severe of what fires, in PagerDuty's words; `warning` where no label tells. */
export const severityOf = ({ alerts }: Notification): "critical" | "error" | "warning" | "info" => {
  const said = alerts.filter(({ status }) => status === "firing").map(({ labels }) => labels["severity"] ?? "");
  const found = ranks.find(({ names }) => said.some((severity) => names.includes(severity)));
  return found?.rank ?? "warning";
};

/** Where one can look: the page of the only alert, or else the console. */
export const linkOf = ({ alerts }: Notification, externalUrl: string): string => {
  const links = new Set(alerts.map(({ generatorUrl }) => generatorUrl));
  const [only] = links;
  return links.size === 1 && only !== undefined && only !== "" ? only : externalUrl;
};

/** A text of at most `most` characters; what is cut ends in an ellipsis. */
export const cutTo = (text: string, most: number): string => {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
};

/** The whole notification as plain text. */
export const textOf = (notification: Notification, externalUrl: string): string => {
  const { alerts } = notification;
  const common = commonOf(alerts.map(({ labels }) => labels));
  return [
    titleOf(notification),
    "",
    ...alerts.map(alertLine),
    "",
    `labels: ${labelsText(common)}`,
    `status: ${statusOf(notification)}, told because: ${notification.reason}`,
    linkOf(notification, externalUrl),
    "",
  ].join("\n");
};

const ranks: readonly {
  readonly rank: "critical" | "error" | "warning" | "info";
  readonly names: readonly string[];
}[] = [
  { rank: "critical", names: ["critical", "page"] },
  { rank: "error", names: ["error"] },
  { rank: "warning", names: ["warning", "ticket"] },
  { rank: "info", names: ["info", "none"] },
];

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
