import { rateRatio } from "../stats/evidence/rate-ratio.ts";
import { bothWays } from "../stats/evidence/ratio-grid.ts";
import { scoreTilt } from "../stats/evidence/score-tilt.ts";
import { normalScores } from "../stats/reference/normal-scores.ts";
import { logMeanExp, logSumExp } from "../stats/special/log-sum-exp.ts";
import { drawValues } from "./drift-draw.ts";
import { questionsOf, yesTo } from "./drift-questions.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { binned, countOf, merged, seriesKey } from "./drift-series.ts";
import type { Baseline, Pass } from "./drift-state.ts";

/** Share of the baseline that only chooses the questions, and how much of it is enough. */
const sampleShare = 0.2;
const leastSample = 100;
const enoughShare = 0.05;
/**
 * So many values of the baseline stand at first against each value that comes; the fewer, the longer it lasts. `pass` is the
 * number of answers after which about two thirds of the baseline are used.
 */
const pacing = {
  version: { mostValues: 16, values: 4, pass: 300 },
  own: { mostValues: 8, values: 4, pass: 250 },
} as const;
/**
 * The most of what is left that a minute uses, and what is left when a pass ends. A new version has one pass, and that is used
 * up. Later passes last a quarter of an hour however many answers come, and end while there is enough left to see a change by.
 */
const pace = {
  version: { mostOfMinute: 0.3, leastLeft: 0.05 },
  own: { mostOfMinute: 0.1, leastLeft: 0.15 },
} as const;
/** Weight of the evidence since the beginning; the rest is spread over later beginnings, as the baseline is used. */
const weightOfStart = { version: 0.9, own: 0.5 } as const;
/** Of the evidence of numbers, the weight of the shift of all; the rest is for their quantiles. */
const weightOfShift = 2 / 3;

/** Test B, in both directions. */
const ratios = rateRatio({ grid: bothWays([1.4, 2.5, 5, 10]) });
const shifts = scoreTilt();

/** Begins a pass over a baseline. */
export const openPass = (against: Baseline, minute: SeenMinute, isOfVersion: boolean): Pass => {
  const size = countOf(against.values);
  const sampled = Math.ceil(Math.min(size * sampleShare, Math.max(leastSample, size * enoughShare)));
  const { drawn, left } = drawValues(against.values, sampled, `${seriesKey(minute)} asks ${minute.minuteMs}`);
  const questions = [...questionsOf(drawn, minute.isCategory)];
  const logStart = Math.log(isOfVersion ? weightOfStart.version : weightOfStart.own);
  return {
    ...{ against, left, questions, isOfVersion },
    sample: drawn,
    logEvidence: questions.map(() => ratios.start.map(() => logStart)),
    logShift: minute.isCategory ? [] : shifts.start.map(() => logStart),
    seen: {},
    seenSum: 0,
  };
};

/** Whether a pass has used its baseline, or so much more of that is known by now that it is better to begin again. */
export const isPassOver = ({ left, against, isOfVersion }: Pass, own: Baseline, enough: number): boolean => {
  const [size, known] = [countOf(against.values), countOf(own.values)];
  const isOutgrown = !isOfVersion && size < enough && (known >= 2 * size || known >= enough);
  return isOutgrown || countOf(left) <= (isOfVersion ? pace.version : pace.own).leastLeft * size;
};

/** Takes a minute into a pass. */
export const continuePass = (pass: Pass, minute: SeenMinute): Pass => {
  const remaining = countOf(pass.left);
  const passAnswers = passAnswersOf(pass);
  const { mostOfMinute } = pass.isOfVersion ? pace.version : pace.own;
  const share = Math.min(minute.n / (minute.n + passAnswers), mostOfMinute);
  const count = Math.max(1, Math.round(remaining * share));
  const { drawn, left } = drawValues(pass.left, count, `${seriesKey(minute)} draws ${minute.minuteMs}`);
  const isFirst = countOf(pass.seen) === 0;
  const fresh = isFirst ? null : Math.log(freshWeight(pass, countOf(drawn)));
  return {
    ...pass,
    left,
    logEvidence: stepQuestions(pass, { minute, drawn, fresh }),
    logShift: pass.logShift.length === 0 ? [] : stepShift(pass, { minute, drawn, fresh }),
    seen: merged(pass.seen, minute.values),
    seenSum: pass.seenSum + minute.sum,
  };
};

const passAnswersOf = ({ against, isOfVersion }: Pass): number => {
  const { mostValues, values, pass } = isOfVersion ? pacing.version : pacing.own;
  const size = countOf(against.values);
  return Math.max(size / mostValues, Math.min(size / values, pass));
};

/** The evidence of a pass: the mean over what is asked, each a mixture over sizes of change and over its beginnings. */
export const evidenceOf = ({ logEvidence, logShift }: Pass): number => {
  const asked = logMeanExp(logEvidence.map(ratios.logEvidence));
  return logShift.length === 0
    ? asked
    : logSumExp([Math.log(weightOfShift) + shifts.logEvidence(logShift), Math.log1p(-weightOfShift) + asked]);
};

interface Pool {
  readonly minute: SeenMinute;
  readonly drawn: Values;
  /** ln of the weight of the evidence that begins with this minute; null in the first, which has begun already. */
  readonly fresh: number | null;
}

/** What the weights of all beginnings add up to is at most 1, since what is drawn adds up to the baseline. */
const freshWeight = ({ isOfVersion, against }: Pass, drawn: number): number =>
  ((1 - (isOfVersion ? weightOfStart.version : weightOfStart.own)) * drawn) / countOf(against.values);

const begunAgain = (logs: readonly number[], fresh: number | null): readonly number[] =>
  fresh === null ? logs : logs.map((log) => logSumExp([log, fresh]));

const stepQuestions = (pass: Pass, { minute, drawn, fresh }: Pool): number[][] => {
  const { questions } = pass;
  const { isCategory, values, n } = minute;
  return questions.map((question, index) => [
    ...ratios.step(begunAgain(pass.logEvidence[index] ?? ratios.start, fresh), {
      canary: n,
      canaryBad: yesTo(values, { question, questions, isCategory }),
      baseline: countOf(drawn),
      baselineBad: yesTo(drawn, { question, questions, isCategory }),
    }),
  ]);
};

/** Scores come from the sample and from the values of the pool: of which arm each is does not enter. */
const stepShift = ({ sample, logShift }: Pass, { minute, drawn, fresh }: Pool): number[] => {
  const logs = begunAgain(logShift, fresh);
  const scale = normalScores(binned(merged(merged(sample, drawn), minute.values)));
  if (scale === null || scale.deviation === 0) {
    return [...logs];
  }
  const placed = scale.bins.map((bin, index) => ({
    score: scale.scores[index] ?? 0,
    canary: minute.values[bin] ?? 0,
    baseline: drawn[bin] ?? 0,
  }));
  const pool = placed.filter(({ canary, baseline }) => canary + baseline > 0);
  return [
    ...shifts.step(logs, {
      scores: pool.map(({ score }) => score),
      canary: pool.map(({ canary }) => canary),
      baseline: pool.map(({ baseline }) => baseline),
    }),
  ];
};
