import { rateRatio } from "../stats/evidence/rate-ratio.ts";
import { bothWays } from "../stats/evidence/ratio-grid.ts";
import type { ScoredArms } from "../stats/evidence/score-tilt.ts";
import { scoreTilt } from "../stats/evidence/score-tilt.ts";
import type { NormalScores } from "../stats/reference/normal-scores.ts";
import { normalScores } from "../stats/reference/normal-scores.ts";
import { logMeanExp, logSumExp } from "../stats/special/log-sum-exp.ts";
import { drawValues } from "./drift-draw.ts";
import { questionsOf, yesTo } from "./drift-questions.ts";
import type { Values } from "./drift-series.ts";
import { binned, countOf, together } from "./drift-series.ts";
import type { Comparison } from "./drift-state.ts";

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
 * The most of what is left that a minute uses. Passes over an own baseline last a quarter of an hour however many answers come;
 * a new version has one pass, and that is used up.
 */
const mostOfMinute = { version: 0.3, own: 0.1 } as const;
/** Weight of the evidence since the beginning; the rest is spread over later beginnings, as the baseline is used. */
const weightOfStart = { version: 0.9, own: 0.5 } as const;
/** Of the evidence of numbers, the weight of the shift of all; the rest is for their quantiles. */
const weightOfShift = 2 / 3;

/** Test B, in both directions. */
const ratios = rateRatio({ grid: bothWays([1.4, 2.5, 5, 10]) });
const shifts = scoreTilt();

/** Values of each stratum; all together they are one. */
export type Strata = ReadonlyMap<string, Values>;

/** What a comparison is of, whatever comes. */
export interface Compared {
  /** How many values the whole baseline has in each stratum. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly isCategory: boolean;
  readonly isOfVersion: boolean;
}

/** Values with their strata, as a comparison is stored. */
export interface StrataForm {
  readonly split: (values: Values) => Strata;
  /** The name that a value of a stratum is stored under. */
  readonly nameOf: (stratum: string, value: string) => string;
}

/** Seeds of what is drawn for a purpose: the same draw the same. */
export type SeedFor = (purpose: string) => string;

/** Begins a comparison with values; the seed alone decides which of them choose the questions. */
export const openComparison = (
  values: Values,
  args: Compared & { readonly form: StrataForm; readonly seedFor: SeedFor },
): Comparison => {
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
export const continueComparison = (
  comparison: Comparison,
  args: Compared & { readonly seen: Strata; readonly form: StrataForm; readonly seedFor: SeedFor },
): Comparison => {
  const { seen, form, seedFor } = args;
  const remaining = form.split(comparison.left);
  const taken = new Map<string, number>();
  const pools = [...seen].map(([stratum, values]): Pool => {
    const ofStratum = remaining.get(stratum) ?? {};
    const count = countToDraw(args, stratum, countOf(ofStratum));
    const { drawn } = drawValues(ofStratum, count, seedFor(`draws${stratum}`));
    for (const value in drawn) {
      taken.set(form.nameOf(stratum, value), drawn[value] ?? 0);
    }
    return { seen: values, drawn };
  });
  const fresh = comparison.isBegun ? Math.log(freshWeight(args, pools)) : null;
  return {
    ...comparison,
    ...{ left: without(comparison.left, taken), isBegun: true },
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

/** What came of a stratum in a minute, and what it is held against. */
interface Pool {
  readonly seen: Values;
  readonly drawn: Values;
}

const kindOf = ({ isOfVersion }: Pick<Compared, "isOfVersion">): "version" | "own" => (isOfVersion ? "version" : "own");

const without = (values: Values, taken: ReadonlyMap<string, number>): Values => {
  const left: Record<string, number> = {};
  for (const value in values) {
    const count = (values[value] ?? 0) - (taken.get(value) ?? 0);
    if (count > 0) {
      left[value] = count;
    }
  }
  return left;
};

const countToDraw = (
  { sizes, seen, isOfVersion }: Compared & { readonly seen: Strata },
  stratum: string,
  remaining: number,
): number => {
  const kind = kindOf({ isOfVersion });
  const { mostValues, values, pass } = pacing[kind];
  const size = sizes.get(stratum) ?? 0;
  const passAnswers = Math.max(size / mostValues, Math.min(size / values, pass));
  const came = countOf(seen.get(stratum) ?? {});
  return Math.max(1, Math.round(remaining * Math.min(came / (came + passAnswers), mostOfMinute[kind])));
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
