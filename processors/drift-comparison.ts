import { rateRatio } from "../stats/evidence/rate-ratio.ts";
import { bothWays } from "../stats/evidence/ratio-grid.ts";
import type { ScoredArms } from "../stats/evidence/score-tilt.ts";
import { scoreTilt } from "../stats/evidence/score-tilt.ts";
import type { NormalScores } from "../stats/reference/normal-scores.ts";
import { normalScores } from "../stats/reference/normal-scores.ts";
import { logMeanExp, logSumExp } from "../stats/special/log-sum-exp.ts";
import { drawValues } from "./drift-draw.ts";
import type { Compared, Drawing, Pool } from "./drift-pools.ts";
import { drawPools, kindOf } from "./drift-pools.ts";
import { questionsOf, yesTo } from "./drift-questions.ts";
import type { Values } from "./drift-series.ts";
import { binned, countOf, together } from "./drift-series.ts";
import type { Comparison } from "./drift-state.ts";

/** Share of the baseline that only chooses the questions, and how much of it is enough. */
const sampleShare = 0.2;
const leastSample = 100;
const enoughShare = 0.05;
/** Weight of the evidence since the beginning; the rest is spread over later beginnings, as the baseline is used. */
const weightOfStart = { version: 0.9, own: 0.5 } as const;
/** Of the evidence of numbers, the weight of the shift of all; the rest is for their quantiles. */
const weightOfShift = 2 / 3;

/** Test B, in both directions. */
const ratios = rateRatio({ grid: bothWays([1.4, 2.5, 5, 10]) });
const shifts = scoreTilt();

/** Begins a comparison with values; the seed alone decides which of them choose the questions. */
export const openComparison = (values: Values, args: Omit<Drawing, "seen">): Comparison => {
  const { form, seedFor, isCategory } = args;
  const size = countOf(values);
  const sampled = Math.ceil(Math.min(size * sampleShare, Math.max(leastSample, size * enoughShare)));
  const { drawn, left } = drawValues(values, sampled, seedFor("asks"));
  const sample = together(form.split(drawn).values());
  const questions = [...questionsOf(sample, isCategory)];
  const logStart = Math.log(weightOfStart[kindOf(args)]);
  return {
    ...{ left, questions, sample, isBegun: false },
    logEvidence: questions.map(() => ratios.start.map(() => logStart)),
    logShift: isCategory ? [] : shifts.start.map(() => logStart),
  };
};

/**
 * Takes a minute into a comparison: each stratum of what came is pooled with values drawn from the same stratum of the
 * baseline, and the evidence of strata is multiplied. The seed alone decides what is drawn.
 */
export const continueComparison = (comparison: Comparison, args: Drawing): Comparison => {
  const { pools, left } = drawPools(comparison.left, args);
  const fresh = comparison.isBegun ? Math.log(freshWeight(args, pools)) : null;
  return {
    ...comparison,
    ...{ left, isBegun: true },
    logEvidence: stepQuestions(comparison, { pools, fresh, isCategory: args.isCategory }),
    logShift: comparison.logShift.length === 0 ? [] : stepShift(comparison, { pools, fresh }),
  };
};

/** The evidence of a comparison: the mean over what is asked, each a mixture over sizes of change and over its beginnings. */
export const evidenceOf = ({ logEvidence, logShift }: Comparison): number => {
  const asked = logMeanExp(logEvidence.map(ratios.logEvidence));
  return logShift.length === 0
    ? asked
    : logSumExp([Math.log(weightOfShift) + shifts.logEvidence(logShift), Math.log1p(-weightOfShift) + asked]);
};

/** What the weights of all beginnings add up to is at most 1, since what is drawn adds up to the baseline. */
const freshWeight = (compared: Compared, pools: readonly Pool[]): number => {
  const drawn = pools.reduce((sum, pool) => sum + countOf(pool.drawn), 0);
  const size = [...compared.sizes.values()].reduce((sum, each) => sum + each, 0);
  return ((1 - weightOfStart[kindOf(compared)]) * drawn) / size;
};

const begunAgain = (logs: readonly number[], fresh: number | null): readonly number[] =>
  fresh === null || fresh === Number.NEGATIVE_INFINITY ? logs : logs.map((log) => logSumExp([log, fresh]));

interface Step {
  readonly pools: readonly Pool[];
  /** ln of the weight of the evidence that begins with this minute; null in the first, which has begun already. */
  readonly fresh: number | null;
}

const stepQuestions = (
  { questions, logEvidence }: Comparison,
  { pools, fresh, isCategory }: Step & Pick<Compared, "isCategory">,
): number[][] =>
  questions.map((question, index) => [
    ...pools.reduce<readonly number[]>(
      (logs, { seen, drawn }) =>
        ratios.step(logs, {
          canary: countOf(seen),
          canaryBad: yesTo(seen, { question, questions, isCategory }),
          baseline: countOf(drawn),
          baselineBad: yesTo(drawn, { question, questions, isCategory }),
        }),
      begunAgain(logEvidence[index] ?? ratios.start, fresh),
    ),
  ]);

/** Scores come from the sample and from the values of all pools: of which arm each is does not enter. */
const stepShift = ({ sample, logShift }: Comparison, { pools, fresh }: Step): number[] => {
  const scale = normalScores(binned(together([sample, ...pools.flatMap(({ seen, drawn }) => [drawn, seen])])));
  const logs = begunAgain(logShift, fresh);
  return scale === null || scale.deviation === 0
    ? [...logs]
    : [...pools.reduce((state, pool) => shifts.step(state, scoredArms(pool, scale)), logs)];
};

const scoredArms = ({ seen, drawn }: Pool, scale: NormalScores): ScoredArms => {
  const placed = scale.bins
    .map((bin, index) => ({
      score: scale.scores[index] ?? 0,
      canary: seen[bin] ?? 0,
      baseline: drawn[bin] ?? 0,
    }))
    .filter(({ canary, baseline }) => canary + baseline > 0);
  return {
    scores: placed.map(({ score }) => score),
    canary: placed.map(({ canary }) => canary),
    baseline: placed.map(({ baseline }) => baseline),
  };
};
