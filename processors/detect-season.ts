import type { Evidence, Finding } from "../core/evidence.ts";
import { driftEvidence } from "../stats/evidence/drift-evidence.ts";
import type { Excluded, HourValue } from "../stats/reference/fit-season.ts";
import { fitSeason } from "../stats/reference/fit-season.ts";
import { scoreHour } from "../stats/reference/score-hour.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { countOf, merged } from "./drift-series.ts";
import { hourOf } from "./hour-of.ts";
import type { Change } from "./say-change.ts";
import { changeOf, isFlag } from "./say-change.ts";
import type { SeasonBasis, SeasonState } from "./season-state.ts";
import { asExpected, hourValueOf } from "./season-values.ts";

/** Name and version of the detector that holds an hour against the same hour of the week in the weeks before. */
export const seasonDetector = "season@1";

/** What it is held against, in words. */
const seasonFrom = "same hour of the week, 4 weeks";

/** Two weeks: with less, one odd day would be what is expected. */
const leastSpan = 14 * 24;
/** Hours between two fits of a reference, and between two tries of one that is not there yet. */
const fitEvery = 7 * 24;
const tryEvery = 24;
/** An alarm is over when the evidence has not crossed its bound for so many hours. */
const clearAfter = 24;

const test = driftEvidence();

/** The state of a series before its first hour. */
export const seasonStart: SeasonState = {
  basis: null,
  triedAt: 0,
  previous: null,
  evidence: [...test.start],
  crossedAt: null,
};

/** Whether a reference is to be fitted before an hour is judged; never while there is an alarm, which would become what is usual. */
export const isFitDue = ({ basis, triedAt, crossedAt }: SeasonState, hour: number): boolean =>
  basis === null ? hour - triedAt >= tryEvery : crossedAt === null && hour - basis.fittedAt >= fitEvery;

/** Fits the reference of a series from its hours; null with less than two weeks of them. */
export const fitBasis = (
  hours: readonly SeenMinute[],
  { excluded, fittedAt }: { readonly excluded: readonly Excluded[]; readonly fittedAt: number },
): SeasonBasis | null => {
  const kept = hours.filter(({ minuteMs }) => !excluded.some((one) => isWithin(hourOf(minuteMs), one)));
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined || hourOf(last.minuteMs) - hourOf(first.minuteMs) + 1 < leastSpan) {
    return null;
  }
  const values = kept.reduce<Values>((all, hour) => merged(all, hour.values), {});
  const found = kept.flatMap((hour): HourValue[] => {
    const value = hourValueOf(hour, values);
    return value === null ? [] : [value];
  });
  const fitted = fitSeason(found);
  if (fitted === null) {
    return null;
  }
  const { residuals: _, expected, ...reference } = fitted;
  return {
    reference: { ...reference, expected: [...expected] },
    values,
    sum: kept.reduce((sum, hour) => sum + hour.sum, 0),
    isRate: !first.isCategory && isFlag(values),
    fittedAt,
  };
};

const isWithin = (hour: number, { from, until }: Excluded): boolean => hour >= from && hour < until;

/** Takes an hour of a series into its test. Pure. An hour with too few answers says nothing. */
export const stepSeason = (state: SeasonState, hour: SeenMinute): SeasonState => {
  const { basis } = state;
  const value = basis === null ? null : hourValueOf(hour, basis.values);
  if (basis === null || value === null) {
    return state;
  }
  const reference = { ...basis.reference, residuals: [] };
  const {
    distance,
    residual,
    hour: at,
  } = scoreHour(reference, asExpected(value, reference, basis.isRate), state.previous);
  return { ...state, previous: { hour: at, distance }, evidence: [...test.step(state.evidence, residual)] };
};

/** ln of the evidence of a state; 0 before the first hour was scored. */
export const seasonEvidence = ({ evidence }: SeasonState): number => {
  const log = test.logEvidence(evidence);
  return Number.isFinite(log) ? log : 0;
};

/** Hours of a series, and those of the same places in the weeks before. */
export interface ComparedHours {
  readonly now: readonly SeenMinute[];
  readonly before: readonly SeenMinute[];
}

/** How the last hours differ from the same hours of the weeks before. */
export const seasonChange = (hour: SeenMinute, { now, before }: ComparedHours): Change & ComparedSides => {
  const against = { from: seasonFrom, values: valuesOf(before), sum: sumOf(before) };
  const sides = { seen: valuesOf(now), seenSum: sumOf(now) };
  return { ...changeOf({ minute: hour, against, ...sides }), ...sides, against };
};

interface ComparedSides {
  readonly seen: Values;
  readonly seenSum: number;
  readonly against: { readonly values: Values; readonly sum: number };
}

const valuesOf = (hours: readonly SeenMinute[]): Values =>
  hours.reduce<Values>((all, { values }) => merged(all, values), {});

const sumOf = (hours: readonly SeenMinute[]): number => hours.reduce((total, { sum }) => total + sum, 0);

/** What became of a series in an hour. */
export interface SeasonStep {
  readonly state: SeasonState;
  readonly evidence: Evidence;
  readonly finding: Finding | null;
}

/** Concludes an hour that was taken in. The change is null where the evidence is below its bound. */
export const concludeSeason = (args: {
  readonly hour: SeenMinute;
  readonly state: SeasonState;
  readonly logBound: number;
  readonly change: (Change & ComparedSides) | null;
}): SeasonStep => {
  const { hour, state, logBound, change } = args;
  const { tenant, route, variant, model, measure, prompt, minuteMs } = hour;
  const isCrossed = change?.isLarge === true;
  const next: SeasonState = {
    ...state,
    evidence: isCrossed ? [...test.start] : state.evidence,
    crossedAt: isCrossed ? hourOf(minuteMs) : lastCrossed(state, hourOf(minuteMs)),
  };
  const shown = {
    ...{ tenant, route, variant, model, measure, prompt, minuteMs },
    reference: state.basis === null ? "" : seasonFrom,
    logEvidence: seasonEvidence(state),
    ...samplesOf(hour, state, change),
    says: change?.says ?? "",
  };
  const compared = next.crossedAt === null ? "watching" : "alarm";
  const status = state.basis === null ? "learning" : compared;
  return {
    state: next,
    evidence: { ...shown, status, logBound, state: JSON.stringify(next) },
    finding:
      isCrossed && state.crossedAt === null ? { ...shown, minuteMs: minuteMs + lastMinuteMs, kind: "drift" } : null,
  };
};

/** An hour is known when it is over: a finding belongs to its last minute. */
const lastMinuteMs = 59 * 60_000;

const lastCrossed = ({ crossedAt }: SeasonState, hour: number): number | null =>
  crossedAt !== null && hour - crossedAt >= clearAfter ? null : crossedAt;

const samplesOf = (hour: SeenMinute, { basis }: SeasonState, change: ComparedSides | null) => {
  const current = change === null ? hour : { values: change.seen, sum: change.seenSum };
  const baseline = change?.against ?? basis ?? { values: {}, sum: 0 };
  return { current: sampleOf(current, hour.isCategory), baseline: sampleOf(baseline, hour.isCategory) };
};

const sampleOf = (
  { values, sum }: { readonly values: Values; readonly sum: number },
  isCategory: boolean,
): Evidence["current"] => {
  const n = countOf(values);
  return { n, mean: n === 0 || isCategory ? null : sum / n };
};
