import type { Evidence, EvidenceStatus, Finding, Sample } from "../core/evidence.ts";
import { horizonBudget } from "../stats/evidence/horizon-budget.ts";
import { rateRatio } from "../stats/evidence/rate-ratio.ts";
import { bothWays, harmGrid } from "../stats/evidence/ratio-grid.ts";
import { logMeanExp } from "../stats/special/log-sum-exp.ts";
import type { DriftConfig } from "./drift-config.ts";
import { drawValues } from "./drift-draw.ts";
import { questionsOf, yesTo } from "./drift-questions.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { countOf, merged, seriesKey } from "./drift-series.ts";
import type { Baseline, DriftState, Pass } from "./drift-state.ts";
import type { Change } from "./say-change.ts";
import { changeOf } from "./say-change.ts";

/** Name and version of this detector; a change of what it computes is a new version, with states of its own. */
export const driftDetector = "drift@1";

/** What a series is judged with besides its own minute. */
export interface DriftContext {
  readonly config: DriftConfig;
  /** What the version before had; null when there is none, or too little of it. */
  readonly predecessor: Baseline | null;
  /** Series that are tested at present. */
  readonly series: number;
}

/** What became of a series in a minute. */
export interface DriftStep {
  readonly state: DriftState;
  readonly evidence: Evidence;
  /** Null unless this minute made an alarm of it. */
  readonly finding: Finding | null;
}

/** Share of the baseline that only chooses the questions. */
const sampleShare = 0.2;
/** The larger it is, the more values of the baseline stand against each value that comes, and the sooner they are used up. */
const passAnswers = 200;
/** A pass ends when this share of its baseline is left. */
const leastLeft = 0.05;
const hoursPerWeek = 168;
/** However few series there are, evidence below this is no alarm. */
const leastBound = 1_000;
/** Test B, in both directions. */
const test = rateRatio({ grid: bothWays(harmGrid) });

/**
 * Takes one minute of one series. Pure: the same state and minute conclude the same. Values of the minute and as many drawn
 * from the baseline are pooled; which of them came now is random when nothing has changed, whatever the hour brought, so each
 * answer of yes among them is a fair bet (test B of Lindon and Malek's conditional form, mixed over ratios in both directions
 * and averaged over questions). The evidence may be looked at after every minute (Ville's inequality).
 */
export const stepDrift = (before: DriftState | null, minute: SeenMinute, context: DriftContext): DriftStep => {
  const started = before ?? emptyState(minute);
  const own = grown(started.own, minute, context.config.baselineAnswers);
  const opened = started.pass ?? openPass(started, minute, context);
  if (opened === null) {
    return concluded({ minute, context, state: { ...started, own }, pass: null, isAlarm: false, wasAlarmed: false });
  }
  const pass = continued(opened, minute);
  const isAlarm = evidenceOf(pass) >= boundOf(context) && changeSince(pass, minute).isLarge;
  const isOver = countOf(pass.left) <= leastLeft * countOf(pass.against.values);
  const isAlarmed = isAlarm || (started.isAlarmed && !isOver);
  const state: DriftState = { isCategory: minute.isCategory, own, pass: isOver ? null : pass, isAlarmed };
  return concluded({ minute, context, state, pass, isAlarm, wasAlarmed: started.isAlarmed });
};

/** What is stored of a minute. */
const concluded = (found: {
  readonly minute: SeenMinute;
  readonly context: DriftContext;
  readonly state: DriftState;
  readonly pass: Pass | null;
  readonly isAlarm: boolean;
  readonly wasAlarmed: boolean;
}): DriftStep => {
  const { minute, context, state, pass } = found;
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
      logBound: boundOf(context),
      state: JSON.stringify(state),
    },
    finding: found.isAlarm && !found.wasAlarmed ? { ...shown, kind: "drift" } : null,
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
  isAlarmed: false,
});

/** A minute is taken whole, so that a baseline may hold somewhat more than it must. */
const grown = (own: Baseline, minute: SeenMinute, enough: number): Baseline =>
  countOf(own.values) >= enough
    ? own
    : { ...own, values: merged(own.values, minute.values), sum: own.sum + minute.sum };

/** A version that has no baseline yet is held against the one before; later against its own. */
const openPass = (state: DriftState, minute: SeenMinute, { config, predecessor }: DriftContext): Pass | null => {
  const isKnown = countOf(state.own.values) >= config.baselineAnswers;
  const against = isKnown ? state.own : predecessor;
  if (against === null) {
    return null;
  }
  const sampled = Math.ceil(countOf(against.values) * sampleShare);
  const { drawn, left } = drawValues(against.values, sampled, `${seriesKey(minute)} asks ${minute.minuteMs}`);
  const questions = [...questionsOf(drawn, minute.isCategory)];
  return {
    against,
    left,
    questions,
    logEvidence: questions.map(() => [...test.start]),
    seen: {},
    seenSum: 0,
  };
};

const continued = (pass: Pass, minute: SeenMinute): Pass => {
  const remaining = countOf(pass.left);
  const count = Math.max(1, Math.round((remaining * minute.n) / (minute.n + passAnswers)));
  const { drawn, left } = drawValues(pass.left, count, `${seriesKey(minute)} draws ${minute.minuteMs}`);
  const yes = (values: Values, question: string): number =>
    yesTo(values, { question, questions: pass.questions, isCategory: minute.isCategory });
  const logEvidence = pass.questions.map((question, index) => [
    ...test.step(pass.logEvidence[index] ?? test.start, {
      canary: minute.n,
      canaryBad: yes(minute.values, question),
      baseline: countOf(drawn),
      baselineBad: yes(drawn, question),
    }),
  ]);
  return { ...pass, left, logEvidence, seen: merged(pass.seen, minute.values), seenSum: pass.seenSum + minute.sum };
};

/** The mean over questions of the evidence, each a mixture over ratios. */
const evidenceOf = ({ logEvidence }: Pass): number => logMeanExp(logEvidence.map(test.logEvidence));

/** Evidence at which the false alarms of all series together stay within the budget, when each has a pass an hour at most. */
const boundOf = ({ config, series }: DriftContext): number =>
  Math.log(
    Math.max(leastBound, horizonBudget({ series, buckets: hoursPerWeek, falseAlarms: config.falseAlarmsPerWeek })),
  );

const seriesOf = ({ tenant, route, variant, model, measure }: SeenMinute) => ({
  tenant,
  route,
  variant,
  model,
  measure,
});

const sampleOf = (values: Values, sum: number, isCategory: boolean): Sample => {
  const n = countOf(values);
  return { n, mean: n === 0 || isCategory ? null : sum / n };
};
