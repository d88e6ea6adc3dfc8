import type { UnitsWanted } from "../looks/look.ts";
import type { Rollout } from "./rollout.ts";
import { isUnderWay } from "./rollout.ts";
import { unitCohorts, unitsSinceMs } from "./unit-cohorts.ts";

/** Milliseconds between two counts of users or sessions: each goes through all of them, and the calls of the last minutes. */
const everyMs = 60_000;

/** The spans in which a trial wants its users or sessions to be counted in a look that ends then: one for each cohort. */
export const unitsWantedOf = (rollout: Rollout, toMs: number): readonly UnitsWanted[] => {
  const { id, route, unit, judge } = rollout;
  if (unit === "request" || !isUnderWay(rollout) || toMs - judge.lastLookMs < everyMs) {
    return [];
  }
  const spans = unitCohorts(rollout, toMs).map(({ begunFromMs, begunUntilMs }) => ({
    fromMs: judge.lastLookMs,
    toMs,
    sinceMs: unitsSinceMs(rollout),
    ...{ begunFromMs, begunUntilMs, route, unit },
  }));
  return [{ key: id, spans }];
};
