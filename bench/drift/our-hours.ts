import { driftEvidence } from "../../stats/evidence/drift-evidence.ts";
import { fitSeason } from "../../stats/reference/fit-season.ts";
import type { HourScore } from "../../stats/reference/score-hour.ts";
import { scoreHour } from "../../stats/reference/score-hour.ts";
import type { HourSeries } from "./hours.ts";

/** Hours of the watched week in which test I alarms against the hours of the week of the history, from 0 on. */
export const ourAlarmHours = ({ history, watched }: HourSeries, thresholds: readonly number[]): readonly number[][] => {
  const reference = fitSeason(history);
  if (reference === null) {
    return thresholds.map(() => []);
  }
  let previous: HourScore | null = null;
  const residuals = watched.map((hour) => {
    const score = scoreHour(reference, hour, previous);
    previous = score;
    return score.residual;
  });
  return thresholds.map((threshold) => alarmsOf(residuals, Math.log(threshold)));
};

const alarmsOf = (residuals: readonly number[], bound: number): number[] => {
  const { start, step, logEvidence } = driftEvidence();
  let state = start;
  return residuals.flatMap((residual, hour) => {
    state = step(state, residual);
    if (logEvidence(state) < bound) {
      return [];
    }
    state = start;
    return [hour];
  });
};
