import type { Evidence, EvidenceStatus, Finding, Sample } from "../core/evidence.ts";
import { evidenceOf } from "./drift-comparison.ts";
import { countingOf, isPassOver, sidesOf } from "./drift-pass.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { countOf, merged } from "./drift-series.ts";
import type { Baseline, DriftState, Pass } from "./drift-state.ts";
import { changeOf } from "./say-change.ts";
import type { InputWords } from "./say-inputs.ts";
import { wordsFor } from "./say-inputs.ts";
import type { DriftContext, DriftInput, Weighed } from "./weigh-drift.ts";
import { boundOf, isWithin, partsOf, weighTogether } from "./weigh-drift.ts";

/** Name and version of this detector; a change of what it computes is a new version, with states of its own. */
export const driftDetector = "drift@5";

/** What became of a series in a minute. */
export interface DriftStep {
  readonly state: DriftState;
  readonly evidence: Evidence;
  /** Null unless this minute made an alarm of it. */
  readonly finding: Finding | null;
}

/** Of evidence that several measures reach together, what one must have to be named. */
const leastPart = 0.1;

/**
 * Takes one minute of all measures of one model on a route. Pure: the same states and minutes conclude the same. Values of the
 * minute and as many drawn from the baseline are pooled; which of them came now is random when nothing has changed, whatever the
 * hour brought, so a bet on it is fair. The evidence of a measure may be looked at after every minute (Ville's inequality). An alarm
 * is that the sum over measures of evidence over its bound reaches 1, for which measures that moved together need less each than
 * one alone; `docs/drift.md` says what that promises.
 */
export const stepTogether = (inputs: readonly DriftInput[]): readonly DriftStep[] => {
  const { weighed, inputsMoved } = weighTogether(inputs);
  const total = partsOf(weighed);
  const within = weighed.filter(isWithin);
  const totalWithin = partsOf(within);
  const words = { inputsMoved, areAnswersMoved: within.some(isMoved) };
  return weighed.map((one) => conclude(one, { others: (isWithin(one) ? totalWithin : total) - one.part, words }));
};

/** Takes one minute of one series alone. */
export const stepDrift = (before: DriftState | null, minute: SeenMinute, context: DriftContext): DriftStep => {
  const [step] = stepTogether([{ before, minute, context }]);
  if (step === undefined) {
    throw new RangeError("one series has one step");
  }
  return step;
};

const isMoved = ({ part, started }: Weighed): boolean => started.isAlarmed || part >= 1;

/** What a series is concluded with besides itself. */
interface Around {
  /** Evidence of the other measures over their bounds. */
  readonly others: number;
  readonly words: InputWords;
}

const conclude = (one: Weighed, { others, words }: Around): DriftStep => {
  const { minute, context, started, pass, part } = one;
  const own = grown(started, minute, context.config.baselineAnswers);
  const needed = Math.max(1 - others, leastPart);
  const compared = pass === null ? null : comparisonOf(pass, minute, words);
  const isAlarm = compared !== null && part >= needed && compared.isLarge;
  const isOver = pass !== null && isPassOver(pass, own, context.config.baselineAnswers);
  const state: DriftState = {
    isCategory: minute.isCategory,
    own,
    pass: isOver ? null : pass,
    passes: started.passes + (started.pass === null && pass !== null ? 1 : 0),
    isAlarmed: isAlarm || (started.isAlarmed && !isOver),
  };
  const shown = {
    ...seriesOf(minute),
    minuteMs: minute.minuteMs,
    ...(compared?.shown ?? nothingCompared),
  };
  const status: EvidenceStatus = state.isAlarmed ? "alarm" : "watching";
  return {
    state,
    evidence: {
      ...shown,
      status: pass === null ? "learning" : status,
      logBound: boundOf(one, pass) + Math.log(needed),
      state: JSON.stringify(state),
    },
    finding: isAlarm && !started.isAlarmed ? { ...shown, kind: "drift" } : null,
  };
};

const nothingCompared = {
  reference: "",
  logEvidence: 0,
  current: { n: 0, mean: null },
  baseline: { n: 0, mean: null },
  says: "",
} as const;

const comparisonOf = (pass: Pass, minute: SeenMinute, words: InputWords) => {
  const sides = sidesOf(pass, minute.isCategory);
  const { against, seen, seenSum } = sides;
  const { says, isLarge } = changeOf({ minute, ...sides });
  const shown = {
    reference: against.from,
    logEvidence: evidenceOf(countingOf(pass)),
    current: sampleOf(seen, seenSum, minute.isCategory),
    baseline: sampleOf(against.values, against.sum, minute.isCategory),
    says: says + wordsFor(minute, pass, words),
  };
  return { shown, isLarge };
};

/** A minute is taken whole, so that a baseline may hold somewhat more than it must. What follows an alarm is no baseline. */
const grown = ({ own, isAlarmed }: DriftState, minute: SeenMinute, enough: number): Baseline =>
  isAlarmed || countOf(own.values) >= enough
    ? own
    : {
        ...own,
        values: merged(own.values, minute.values),
        strata: merged(own.strata, minute.strata),
        sum: own.sum + minute.sum,
      };

const seriesOf = ({ tenant, route, variant, model, measure, prompt }: SeenMinute) => ({
  ...{ tenant, route, variant, model, measure, prompt },
});

const sampleOf = (values: Values, sum: number, isCategory: boolean): Sample => {
  const n = Math.round(countOf(values));
  return { n, mean: n === 0 || isCategory ? null : sum / countOf(values) };
};
