import type { NoDataPolicy } from "./no-data-policy.ts";
import type { Sample } from "./sample.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/** Whether the condition of an alert counts as true at a look: by its sample, or by the no-data policy where there is none. */
export const hasCondition = (args: {
  readonly alert: TrackedAlert;
  readonly sample: Sample | null;
  readonly policy: NoDataPolicy;
  readonly isOverAtZero: boolean;
  readonly nowMs: number;
}): boolean => {
  const { alert, sample, policy, isOverAtZero, nowMs } = args;
  if (sample !== null) {
    return sample.isOver;
  }
  if (isGone(alert, policy, nowMs)) {
    return false;
  }
  switch (policy.policy) {
    case "ok":
      return false;
    case "zero":
      return isOverAtZero;
    case "keep_last":
      return alert.wasOver;
    case "alert":
      return true;
  }
};

/** Whether a series without a value has been away for so long that the no-data policy has no more to say of it. */
export const isGone = (alert: TrackedAlert, policy: NoDataPolicy, nowMs: number): boolean =>
  policy.policy === "ok" || alert.lastSeenMs === null || nowMs - alert.lastSeenMs > policy.at_most;
