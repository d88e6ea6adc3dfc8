import type { AlertEvent } from "../../core/events.ts";
import { formatValue } from "./format-value.ts";
import type { Rule } from "./rule-schema.ts";
import type { StepReason } from "./step-alert.ts";
import type { TrackedAlert } from "./tracked-alert.ts";
import { unitOfRule } from "./value-unit.ts";

/** A change of an alert as it is recorded. */
export const alertEvent = (args: {
  readonly rule: Rule;
  readonly limit: number;
  readonly alert: TrackedAlert;
  readonly reason: StepReason;
  readonly nowMs: number;
}): AlertEvent => {
  const { rule, alert, reason, nowMs } = args;
  return {
    atMs: nowMs,
    rule: rule.name,
    fingerprint: alert.fingerprint,
    labels: alert.labels,
    annotations: alert.annotations,
    state: recordedState(alert, reason),
    reason: reasonText(args),
    value: alert.value,
    startsAtMs: alert.activeAtMs ?? alert.firedAtMs ?? nowMs,
    action: rule.action,
  };
};

const recordedState = ({ state }: TrackedAlert, reason: StepReason): AlertEvent["state"] => {
  if (reason === "passed") {
    return "dropped";
  }
  return state === "inactive" ? "dropped" : state;
};

const reasonText = (args: {
  readonly rule: Rule;
  readonly limit: number;
  readonly alert: TrackedAlert;
  readonly reason: StepReason;
}): string => {
  const { rule, alert, reason } = args;
  const seen = comparison(rule, args.limit, alert.value);
  switch (reason) {
    case "began":
      return `${seen}: fires when it stays so for ${seconds(rule.forMs)}`;
    case "looked_away":
      return `${seen}: nobody looked for a while, so that the time counts anew`;
    case "passed":
      return `ended before ${seconds(rule.forMs)} were over: ${seen}`;
    case "fired":
      return rule.forMs === 0 ? seen : `${seen} for ${seconds(rule.forMs)}`;
    case "resolved":
      return rule.keepFiringForMs === 0 ? `ended: ${seen}` : `ended ${seconds(rule.keepFiringForMs)} ago: ${seen}`;
    case "quiet":
    case "waits":
    case "fires":
    case "keeps_firing":
    case "told_resolved":
    case "forgotten":
      return seen;
  }
};

const comparison = (rule: Rule, limit: number, value: number | null): string => {
  if (value === null) {
    return "no data";
  }
  const { unit } = unitOfRule(rule);
  const op = rule.condition.kind === "burn_rate" ? ">" : rule.condition.op;
  return `${formatValue(value, unit)} (limit ${op} ${formatValue(limit, unit)})`;
};

const seconds = (ms: number): string => `${ms / 1000} s`;
