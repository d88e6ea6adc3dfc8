import { hasCondition, isGone } from "./has-condition.ts";
import type { Rule } from "./rule-schema.ts";
import type { Sample } from "./sample.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/** Why an alert stands where it does after a look. */
export type StepReason =
  | "quiet"
  | "began"
  | "waits"
  | "looked_away"
  | "passed"
  | "fired"
  | "fires"
  | "keeps_firing"
  | "resolved"
  | "told_resolved"
  | "forgotten";

/** An alert after a look, and why it is so; null when there is nothing left to remember. */
export interface AlertStep {
  readonly alert: TrackedAlert | null;
  readonly reason: StepReason;
}

/** One look at an alert. */
export interface AlertLook {
  readonly alert: TrackedAlert;
  /** Null when the series has no value. */
  readonly sample: Sample | null;
  readonly rule: Pick<Rule, "forMs" | "keepFiringForMs" | "noData">;
  /** Whether the rule's condition holds at 0. */
  readonly isOverAtZero: boolean;
  readonly nowMs: number;
  /** A pause between two looks that is longer than this breaks what has held "for" some time: nobody looked. */
  readonly longestGapMs: number;
}

/** A resolved alert is told for so long, so that whoever missed it once, or restarted, hears of it. */
const keepResolvedMs = 15 * 60_000;

/** Where an alert stands after one more look at it; a pure function, so that the same looks give the same states. */
export const stepAlert = (look: AlertLook): AlertStep => {
  const { nowMs, alert, rule } = look;
  const isOver = hasCondition({ ...look, policy: rule.noData });
  const seen = { ...withSample(look), lookedAtMs: nowMs };
  switch (alert.state) {
    case "inactive":
      return isOver ? begin(seen, look) : rest(seen, look, "quiet");
    case "pending":
      return isOver ? wait(seen, look) : rest({ ...seen, activeAtMs: null }, look, "passed");
    case "firing":
      return isOver ? { alert: { ...seen, keepFiringSinceMs: null }, reason: "fires" } : letGo(seen, look);
    case "resolved":
      return isOver ? begin(seen, look) : rest(seen, look, "quiet");
  }
};

/** What the sample tells of the series; annotations stay those of the last look at which the condition held. */
const withSample = ({ alert, sample, nowMs }: AlertLook): TrackedAlert => {
  if (sample === null) {
    return alert;
  }
  return {
    ...alert,
    lastSeenMs: nowMs,
    value: sample.value,
    wasOver: sample.isOver,
    annotations: sample.isOver ? sample.annotations : alert.annotations,
  };
};

const begin = (alert: TrackedAlert, { nowMs, rule }: AlertLook): AlertStep => {
  const begun = { ...alert, state: "pending" as const, activeAtMs: nowMs };
  return rule.forMs === 0 ? fire(begun, nowMs) : { alert: begun, reason: "began" };
};

const wait = (alert: TrackedAlert, look: AlertLook): AlertStep => {
  const { nowMs, rule, longestGapMs } = look;
  if (nowMs - look.alert.lookedAtMs > longestGapMs) {
    return { alert: { ...alert, activeAtMs: nowMs }, reason: "looked_away" };
  }
  const hasHeldMs = nowMs - (alert.activeAtMs ?? nowMs);
  return hasHeldMs >= rule.forMs ? fire(alert, nowMs) : { alert, reason: "waits" };
};

const fire = (alert: TrackedAlert, nowMs: number): AlertStep => ({
  alert: { ...alert, state: "firing", firedAtMs: nowMs, resolvedAtMs: null, keepFiringSinceMs: null },
  reason: "fired",
});

/** A firing alert whose condition holds no more. */
const letGo = (alert: TrackedAlert, { nowMs, rule }: AlertLook): AlertStep => {
  const sinceMs = alert.keepFiringSinceMs ?? nowMs;
  if (nowMs - sinceMs < rule.keepFiringForMs) {
    return { alert: { ...alert, keepFiringSinceMs: sinceMs }, reason: "keeps_firing" };
  }
  return {
    alert: { ...alert, state: "resolved", activeAtMs: null, keepFiringSinceMs: null, resolvedAtMs: nowMs },
    reason: "resolved",
  };
};

/** An alert whose condition does not hold and that does not fire: told as resolved for a while, then kept or forgotten. */
const rest = (alert: TrackedAlert, look: AlertLook, reason: "quiet" | "passed"): AlertStep => {
  const { nowMs, rule, sample } = look;
  if (isToldResolved(alert, nowMs)) {
    const resolved = { ...alert, state: "resolved" as const };
    return { alert: resolved, reason: reason === "passed" ? reason : "told_resolved" };
  }
  if (isGone(alert, rule.noData, nowMs)) {
    return { alert: null, reason: sample === null && reason === "quiet" ? "forgotten" : reason };
  }
  return { alert: { ...alert, state: "inactive" }, reason };
};

/** Whether an alert is to be told as resolved: also one whose condition holds again and that does not fire again yet. */
export const isToldResolved = ({ state, resolvedAtMs }: TrackedAlert, nowMs: number): boolean =>
  state !== "firing" && resolvedAtMs !== null && nowMs - resolvedAtMs < keepResolvedMs;
