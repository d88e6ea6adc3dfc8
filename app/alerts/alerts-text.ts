import type { AlertTold, DeadLetterTold, SilenceTold } from "./alerts-client.ts";

type Labels = Readonly<Record<string, string>>;

/** Alerts as a table for people. */
export const alertsText = (alerts: readonly AlertTold[]): string =>
  tableOf(
    ["alert", "status", "since", "silenced by", "labels"],
    alerts.map(({ labels, status, startsAtMs, silencedBy }) => [
      labels["alertname"] ?? "",
      status,
      timeOf(startsAtMs),
      silencedBy ?? "-",
      labelsOf(labels),
    ]),
  );

/** Silences as a table for people, those that have ended among them. */
export const silencesText = (silences: readonly SilenceTold[]): string =>
  tableOf(
    ["silence", "from", "until", "conditions", "author", "comment"],
    silences.map(({ id, matchers, startsAtMs, endsAtMs, author, comment }) => [
      id,
      timeOf(startsAtMs),
      timeOf(endsAtMs),
      matchers.map(({ name, operator, value }) => `${name}${operator}${JSON.stringify(value)}`).join(" "),
      author,
      comment,
    ]),
  );

/** Notifications that were not sent, as a table for people, the latest first. */
export const deadLettersText = (letters: readonly DeadLetterTold[]): string =>
  tableOf(
    ["letter", "receiver", "given up", "reason", "tries", "alerts", "says"],
    letters.map(({ id, receiver, atMs, reason, tries, alerts, says }) => [
      id,
      receiver,
      timeOf(atMs),
      reason,
      String(tries),
      alerts.map(({ labels, status }) => `${status}: ${labels["alertname"] ?? ""}`).join(", "),
      says,
    ]),
  );

const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const labelsOf = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name]) => name !== "alertname")
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .toSorted()
    .join(" ");

const tableOf = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  if (rows.length === 0) {
    return "there are none\n";
  }
  const cells = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const lines = cells.map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  "));
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
};
