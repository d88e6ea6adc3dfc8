import type { Evidence, EvidenceStatus, Finding, Sample } from "../core/evidence.ts";
import { logBoundOf } from "./drift-budget.ts";
import type { DriftConfig } from "./drift-config.ts";
import { continuePass, evidenceOf, isPassOver, openPass } from "./drift-pass.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { countOf, merged } from "./drift-series.ts";
import type { Baseline, DriftState, Pass } from "./drift-state.ts";
import type { Change } from "./say-change.ts";
import { changeOf } from "./say-change.ts";

/** Name and version of this detector; a change of what it computes is a new version, with states of its own. */
export const driftDetector = "drift@3";

/** What a series is judged with besides its own minute. */
export interface DriftContext {
  readonly config: DriftConfig;
  /** What the version before had, of the model or the prompt; null when there is none, or too little of it. */
  readonly predecessor: Baseline | null;
  /** Models on routes that are tested at present, each with all its measures. */
  readonly families: number;
}

/** A minute of a series and what it is judged with; the state is null in its first. */
export interface DriftInput {
  readonly before: DriftState | null;
  readonly minute: SeenMinute;
  readonly context: DriftContext;
}

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
  const weighed = inputs.map(weigh);
  const total = weighed.reduce((sum, { part }) => sum + part, 0);
  return weighed.map((one) => conclude(one, total - one.part));
};

/** Takes one minute of one series alone. */
export const stepDrift = (before: DriftState | null, minute: SeenMinute, context: DriftContext): DriftStep =>
  conclude(weigh({ before, minute, context }), 0);

/** A series with its minute taken in, before anybody asks whether that makes an alarm. */
interface Weighed extends DriftInput {
  readonly started: DriftState;
  /** Null while there is nothing to compare with. */
  readonly pass: Pass | null;
  /** Evidence over its bound; 0 without a pass. */
  readonly part: number;
}

const weigh = ({ before, minute, context }: DriftInput): Weighed => {
  const started = before ?? emptyState(minute);
  const opened = started.pass ?? openedPass(started, minute, context);
  const pass = opened === null ? null : continuePass(opened, minute);
  const part = pass === null ? 0 : Math.exp(evidenceOf(pass) - boundOf(pass.isOfVersion, minute, context));
  return { before, minute, context, started, pass, part };
};

const conclude = ({ minute, context, started, pass, part }: Weighed, others: number): DriftStep => {
  const own = grown(started, minute, context.config.baselineAnswers);
  const needed = Math.max(1 - others, leastPart);
  const isAlarm = pass !== null && part >= needed && changeSince(pass, minute).isLarge;
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
    ...(pass === null ? nothingCompared : comparisonOf(pass, minute)),
  };
  const compared: EvidenceStatus = state.isAlarmed ? "alarm" : "watching";
  return {
    state,
    evidence: {
      ...shown,
      status: pass === null ? "learning" : compared,
      logBound: boundOf(pass?.isOfVersion ?? false, minute, context) + Math.log(needed),
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

const comparisonOf = (pass: Pass, minute: SeenMinute) => ({
  reference: pass.against.from,
  logEvidence: evidenceOf(pass),
  current: sampleOf(pass.seen, pass.seenSum, minute.isCategory),
  baseline: sampleOf(pass.against.values, pass.against.sum, minute.isCategory),
  says: changeSince(pass, minute).says,
});

const changeSince = ({ against, seen, seenSum }: Pass, minute: SeenMinute): Change =>
  changeOf({ minute, against, seen, seenSum });

const emptyState = (minute: SeenMinute): DriftState => ({
  isCategory: minute.isCategory,
  own: { from: `its first answers, of ${minute.model}`, values: {}, sum: 0 },
  pass: null,
  passes: 0,
  isAlarmed: false,
});

/** A minute is taken whole, so that a baseline may hold somewhat more than it must. What follows an alarm is no baseline. */
const grown = ({ own, isAlarmed }: DriftState, minute: SeenMinute, enough: number): Baseline =>
  isAlarmed || countOf(own.values) >= enough
    ? own
    : { ...own, values: merged(own.values, minute.values), sum: own.sum + minute.sum };

/** A version that is new is held against the one before; later, and where there is none, against what it began with itself. */
const openedPass = (state: DriftState, minute: SeenMinute, { config, predecessor }: DriftContext): Pass | null => {
  const isOfVersion = state.passes === 0 && predecessor !== null;
  if (isOfVersion) {
    return openPass(predecessor, minute, true);
  }
  return countOf(state.own.values) < config.leastAnswers ? null : openPass(state.own, minute, false);
};

const boundOf = (isOfVersion: boolean, { measure }: SeenMinute, { config, families }: DriftContext): number =>
  logBoundOf({ measure, families, falseAlarmsPerWeek: config.falseAlarmsPerWeek, isOfVersion });

const seriesOf = ({ tenant, route, variant, model, measure, prompt }: SeenMinute) => ({
  ...{ tenant, route, variant, model, measure, prompt },
});

const sampleOf = (values: Values, sum: number, isCategory: boolean): Sample => {
  const n = countOf(values);
  return { n, mean: n === 0 || isCategory ? null : sum / n };
};
