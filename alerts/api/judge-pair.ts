import { betting } from "../../stats/evidence/betting.ts";
import { logMeanExp } from "../../stats/special/log-sum-exp.ts";
import type { JudgedMetric, MetricPair } from "./remote-judge.ts";

/** What is found of one metric; `High` and `Low` are failures. */
export interface PairResult {
  readonly classification: "Pass" | "High" | "Low" | "Nodata";
  readonly reason: string;
  /** Steps of time with a value in both arms. */
  readonly points: number;
  /** Experiment to control, of means; null where the control has nothing to be a multiple of. */
  readonly ratio: number | null;
}

type Points = readonly (readonly [experiment: number, control: number])[];

const alpha = 0.01;
/** Relative differences that count as whole; smaller ones in proportion. */
const wholeDifference = 0.25;
const test = betting({ cap: 0.9 });

/**
 * Judges a metric by the steps of time that both arms share. Were the arms alike, the sign of each difference would be a fair coin,
 * whatever traffic did in that step; so a bet on the signs is evidence, however often a growing series is judged. `among` is the
 * number of metrics that are judged together: one probability of a false failure covers them all.
 */
export const judgePair = (pair: MetricPair, metric: JudgedMetric, among: number): PairResult => {
  const { direction, nanStrategy, effectSize } = metric.analysisConfigurations.canary;
  const points = pointsOf(pair, nanStrategy);
  const ratio = ratioOf(points);
  if (points.length === 0) {
    return { classification: "Nodata", reason: "no step of time has a value in both arms", points: 0, ratio };
  }
  const [high, low] = [logEvidence(points, 1), logEvidence(points, -1)];
  const bound = Math.log(among / alpha);
  const found = { points: points.length, ratio };
  const shown = direction === "either" ? logMeanExp([high, low]) : direction === "increase" ? high : low;
  const isHigh = direction === "either" ? high >= low : direction === "increase";
  const isLarge =
    ratio === null || (isHigh ? ratio >= effectSize.allowedIncrease : ratio <= effectSize.allowedDecrease);
  const evidence = `log evidence ${shown.toFixed(1)} of ${bound.toFixed(1)} over ${points.length} steps`;
  if (shown < bound || !isLarge) {
    return { classification: "Pass", reason: `no sure harm: ${evidence}`, ...found };
  }
  return { classification: isHigh ? "High" : "Low", reason: evidence, ...found };
};

const pointsOf = ({ values }: MetricPair, nanStrategy: "remove" | "replace"): Points => {
  const steps = Math.min(values.experiment.length, values.control.length);
  const value = (series: readonly (number | null)[], step: number): number | null =>
    series[step] ?? (nanStrategy === "replace" ? 0 : null);
  return Array.from({ length: steps }, (_, step) => step).flatMap((step) => {
    const [experiment, control] = [value(values.experiment, step), value(values.control, step)];
    return experiment === null || control === null ? [] : [[experiment, control] as const];
  });
};

const logEvidence = (points: Points, sign: 1 | -1): number =>
  test.logEvidence(
    points.reduce((state, [experiment, control]) => {
      const size = Math.abs(experiment) + Math.abs(control);
      const relative = size === 0 ? 0 : (2 * (experiment - control)) / size;
      return test.step(state, sign * Math.max(-1, Math.min(1, relative / wholeDifference)));
    }, test.start),
  );

const ratioOf = (points: Points): number | null => {
  const [experiment, control] = [0, 1].map((arm) => points.reduce((sum, point) => sum + (point[arm] ?? 0), 0));
  return control === undefined || control === 0 || experiment === undefined ? null : experiment / control;
};
