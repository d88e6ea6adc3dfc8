import { rateRatio } from "../stats/evidence/rate-ratio.ts";
import { bothWays } from "../stats/evidence/ratio-grid.ts";
import type { ScoredArms } from "../stats/evidence/score-tilt.ts";
import { scoreTilt } from "../stats/evidence/score-tilt.ts";
import type { NormalScores } from "../stats/reference/normal-scores.ts";
import { normalScores } from "../stats/reference/normal-scores.ts";
import { logMeanExp, logSumExp } from "../stats/special/log-sum-exp.ts";
import { begunAgain, logFresh, logStart } from "./drift-beginnings.ts";
import type { Drawn } from "./drift-draw.ts";
import type { Compared, Drawing, Pool } from "./drift-pools.ts";
import { drawPools, sizeOf } from "./drift-pools.ts";
import { questionsOf, yesTo } from "./drift-questions.ts";
import { binned, countOf, together } from "./drift-series.ts";
import type { PooledComparison } from "./drift-state.ts";

/** Of the evidence of numbers, the weight of the shift of all; the rest is for their quantiles. */
const weightOfShift = 2 / 3;

/** Test B, in both directions. */
const ratios = rateRatio({ grid: bothWays([1.4, 2.5, 5, 10]) });
const shifts = scoreTilt();

/** Begins a comparison with the values that the sample has left. */
export const openPooled = ({ drawn, left }: Drawn, args: Omit<Drawing, "seen">): PooledComparison => {
  const sample = together(args.form.split(drawn).values());
  const questions = [...questionsOf(sample, args.isCategory)];
  const start = logStart(args);
  return {
    ...{ by: "pools", left, questions, sample, isBegun: false },
    logEvidence: questions.map(() => ratios.start.map(() => start)),
    logShift: args.isCategory ? [] : shifts.start.map(() => start),
  };
};

/**
 * Takes a minute into a comparison: each stratum of what came is pooled with values drawn from the same stratum of the
 * baseline, and the evidence of strata is multiplied. The seed alone decides what is drawn.
 */
export const continuePooled = (comparison: PooledComparison, args: Drawing): PooledComparison => {
  const { pools, left } = drawPools(comparison.left, args);
  const drawn = pools.reduce((sum, pool) => sum + countOf(pool.drawn), 0);
  const fresh = comparison.isBegun ? logFresh(args, drawn / sizeOf(args)) : null;
  return {
    ...comparison,
    ...{ left, isBegun: true },
    logEvidence: stepQuestions(comparison, { pools, fresh, isCategory: args.isCategory }),
    logShift: comparison.logShift.length === 0 ? [] : stepShift(comparison, { pools, fresh }),
  };
};

/** The evidence of a comparison: the mean over what is asked, each a mixture over sizes of change and over its beginnings. */
export const pooledEvidence = ({ logEvidence, logShift }: PooledComparison): number => {
  const asked = logMeanExp(logEvidence.map(ratios.logEvidence));
  return logShift.length === 0
    ? asked
    : logSumExp([Math.log(weightOfShift) + shifts.logEvidence(logShift), Math.log1p(-weightOfShift) + asked]);
};

interface Step {
  readonly pools: readonly Pool[];
  /** ln of the weight of the evidence that begins with this minute; null in the first, which has begun already. */
  readonly fresh: number | null;
}

const stepQuestions = (
  { questions, logEvidence }: PooledComparison,
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
const stepShift = ({ sample, logShift }: PooledComparison, { pools, fresh }: Step): number[] => {
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
