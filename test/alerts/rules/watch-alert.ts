import type { NoDataPolicy } from "../../../alerts/rules/no-data-policy.ts";
import type { Sample } from "../../../alerts/rules/sample.ts";
import type { StepReason } from "../../../alerts/rules/step-alert.ts";
import { stepAlert } from "../../../alerts/rules/step-alert.ts";
import type { TrackedAlert } from "../../../alerts/rules/tracked-alert.ts";
import { newAlert } from "../../../alerts/rules/tracked-alert.ts";

/** Between two looks. */
export const everyMs = 15_000;
/** A minute in milliseconds. */
export const minute = 60_000;
/** When the first look is. */
export const startMs = Date.UTC(2026, 10, 21);

/** What of a rule the life of its alerts depends on. */
export interface Timing {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly noData: NoDataPolicy;
}

/** Fires after two minutes, ends after one. */
export const timing: Timing = { forMs: 2 * minute, keepFiringForMs: minute, noData: { policy: "ok" } };

/** A sample at which the condition holds. */
export const over: Sample = { value: 9, isOver: true, annotations: { summary: "9" } };
const under: Sample = { value: 1, isOver: false, annotations: { summary: "1" } };

/** One sample a look: `x` over, `.` under, `_` no data. */
const sampleOf = (sign: string): Sample | null => (sign === "_" ? null : sign === "x" ? over : under);

/** An alert before its first look. */
export const start = (): TrackedAlert =>
  newAlert({ fingerprint: "f".repeat(16), labels: { alertname: "a" }, nowMs: startMs });

/** What a look made of the alert. */
export interface Look {
  readonly atMs: number;
  readonly alert: TrackedAlert | null;
  readonly reason: StepReason;
}

/** Looks once for each sign, every 15 s; an alert that was forgotten is looked at as if for the first time. */
export const watch = (signs: string, rule: Timing = timing, isOverAtZero = false): readonly Look[] => {
  let alert: TrackedAlert | null = null;
  return signs.split("").map((sign, index) => {
    const nowMs = startMs + index * everyMs;
    const look = { rule, isOverAtZero, nowMs, longestGapMs: 4 * everyMs };
    const before: TrackedAlert = alert ?? { ...start(), lookedAtMs: nowMs };
    const step = stepAlert({ ...look, alert: before, sample: sampleOf(sign) });
    alert = step.alert;
    return { atMs: index * everyMs, ...step };
  });
};
