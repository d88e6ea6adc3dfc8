import type { Firing, ReplayResult } from "../../alerts/rules/replay-rules.ts";

/** A replay as people read it: a line for each alert that would have fired, and what could not be replayed. */
export const replayText = ({ firings, problems }: ReplayResult): string => {
  const lines = firings.map(
    (firing) => `${isoText(firing.firedAtMs)}  ${lengthOf(firing).padEnd(12)}  ${saysOf(firing)}`,
  );
  const skipped = problems.map(({ rule, message }) => `${rule} was not replayed: ${message}`);
  const summary = `${firings.length === 0 ? "nothing" : firings.length} would have fired`;
  return [...lines, ...skipped, summary].map((line) => `${line}\n`).join("");
};

const saysOf = ({ rule, labels, annotations }: Firing): string => {
  const series = Object.entries(labels).filter(([name]) => name !== "alertname" && name !== "severity");
  const text = annotations["summary"] ?? series.map(([name, value]) => `${name}=${value}`).join(" ");
  return `${rule}: ${text}`;
};

const lengthOf = ({ firedAtMs, resolvedAtMs }: Firing): string =>
  resolvedAtMs === null ? "still firing" : `for ${Math.round((resolvedAtMs - firedAtMs) / 60_000)} min`;

const isoText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).concat("Z");

/** A replay as one JSON object. */
export const replayJson = ({ firings, problems, lastLookMs }: ReplayResult): string =>
  `${JSON.stringify({
    firings: firings.map(({ firedAtMs, resolvedAtMs, ...firing }) => ({
      ...firing,
      firedAt: new Date(firedAtMs).toISOString(),
      resolvedAt: resolvedAtMs === null ? null : new Date(resolvedAtMs).toISOString(),
    })),
    problems,
    lastLook: lastLookMs === null ? null : new Date(lastLookMs).toISOString(),
  })}\n`;
