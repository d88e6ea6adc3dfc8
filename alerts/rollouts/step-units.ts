import type { ArmTally } from "../../core/arms.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import { armsOf } from "./arms-of.ts";
import type { Rollout } from "./rollout.ts";
import { stepRollout } from "./step-rollout.ts";
import { unitCohorts } from "./unit-cohorts.ts";

/** What came of the users or sessions of a trial in one look. */
export interface UnitsLook {
  readonly toMs: number;
  readonly hash: string;
  readonly routes: readonly RoutePlan[];
  /** Tallies of each cohort of the trial, in order. */
  readonly cohorts: readonly (readonly ArmTally[])[];
}

/**
 * Takes one look at a trial that counts users or sessions: one cohort after the other, each by its own share. Pure. What begins a
 * new process counts nothing, since its units would be new once more.
 */
export const stepUnits = (rollout: Rollout, look: UnitsLook): Rollout => {
  const { toMs, hash, routes } = look;
  if (hash !== rollout.judge.hash) {
    return stepRollout(rollout, { fromMs: rollout.judge.lastLookMs, toMs, candidate: [], baseline: [], hash });
  }
  const cohorts = unitCohorts(rollout, toMs);
  return cohorts.reduce((before, { share, isCurrent }, index) => {
    const arms = look.cohorts[index] ?? [];
    return stepRollout(before, {
      fromMs: before.judge.lastLookMs,
      // Each has an end of its own, by which the judge knows what it has counted.
      toMs: toMs - (cohorts.length - 1 - index),
      ...armsOf(routes, before, isCurrent ? arms : arms.map(eventsOnly)),
      hash,
      units: { share, areNew: isCurrent },
    });
  }, rollout);
};

/** Of units that came under another share only events count: their numbers may be from before the change. */
const eventsOnly = (arm: ArmTally): ArmTally => ({
  ...arm,
  ...{ calls: 0, started: 0, measured: 0, rated: 0 },
  ttftMs: new Map(),
  durationMs: new Map(),
  outputTokens: new Map(),
  answerCostNanos: new Map(),
  otherCostNanos: new Map(),
});
