import type { Alert } from "../../core/alert.ts";
import type { Rule } from "./rule-schema.ts";
import { isToldResolved } from "./step-alert.ts";
import type { TrackedAlerts } from "./step-rule.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/** How a rule's alerts are told. */
export interface Telling {
  readonly rule: Pick<Rule, "action">;
  readonly nowMs: number;
  /** How long a firing alert is to be believed without being told again. */
  readonly believedMs: number;
  readonly externalUrl: string;
  /** Why no action may be taken now; null when it may. */
  readonly frozen: string | null;
}

/** The alerts of a rule that others are to hear of: those that fire, and those that ended a short while ago. */
export const tellAlerts = (alerts: TrackedAlerts, telling: Telling): readonly Alert[] =>
  [...alerts.values()].flatMap((alert) => {
    const { state, firedAtMs, resolvedAtMs } = alert;
    if (state === "firing") {
      return [told(alert, telling, { status: "firing", endsAtMs: telling.nowMs + telling.believedMs })];
    }
    const isTold = isToldResolved(alert, telling.nowMs) && firedAtMs !== null && resolvedAtMs !== null;
    return isTold ? [told(alert, telling, { status: "resolved", endsAtMs: resolvedAtMs })] : [];
  });

const told = (alert: TrackedAlert, telling: Telling, end: Pick<Alert, "status" | "endsAtMs">): Alert => {
  const { rule, frozen, externalUrl } = telling;
  const isFrozen = frozen !== null && rule.action !== "notify";
  return {
    ...end,
    fingerprint: alert.fingerprint,
    labels: alert.labels,
    annotations: isFrozen
      ? { ...alert.annotations, frozen: `no automatic ${rule.action}: ${frozen}` }
      : alert.annotations,
    startsAtMs: alert.firedAtMs ?? telling.nowMs,
    generatorUrl: urlOf(externalUrl, alert.labels),
    value: alert.value,
    action: isFrozen ? "notify" : rule.action,
  };
};

/** The console with the route and model of the alert chosen. */
const urlOf = (externalUrl: string, labels: Alert["labels"]): string => {
  const url = new URL(externalUrl);
  for (const dimension of ["route", "model"]) {
    const value = labels[dimension];
    if (value !== undefined) url.searchParams.set(dimension, value);
  }
  return url.href;
};
