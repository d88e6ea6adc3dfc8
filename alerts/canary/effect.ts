import { asymptoticRadius } from "../../stats/bounds/asymptotic-radius.ts";
import { embeddingDistance } from "../../stats/effect/embedding-distance.ts";
import { ratioInterval } from "../../stats/effect/ratio-interval.ts";
import { riskRatio } from "../../stats/effect/risk-ratio.ts";
import { binValue } from "../../stats/histogram/bin.ts";
import { logMeanExp } from "../../stats/special/log-sum-exp.ts";
import type { MeanEvidence, MetricState, Question, WitnessEvidence } from "./canary-state.ts";
import type { CanaryMetric } from "./metric.ts";
import type { CanaryPlan } from "./plan.ts";

/** How a candidate compares with the baseline by one metric, look by look, so that a common incident is no effect. */
export interface Effect {
  /** Of what the ratio is: rates, shares above a threshold, or means; of wording 1 and the distance in units of its spread. */
  readonly of: "rate" | "above" | "mean" | "wording";
  /** The value that a threshold stands at, in the metric's unit; null where there is none. */
  readonly threshold: number | null;
  /** Candidate to baseline; null where the baseline has nothing to be a multiple of. */
  readonly ratio: number | null;
  /** Ends of the 95% interval, which holds at all looks at once; null where nothing bounds it. */
  readonly low: number | null;
  readonly high: number | null;
  /** Shares of both arms over all looks; null for means. */
  readonly candidateShare: number | null;
  readonly baselineShare: number | null;
}

/** Probability that an interval ever misses the truth. It is for people: what fails a candidate is the evidence. */
const intervalAlpha = 0.05;
/** Comparisons at which the interval of a mean is tightest. */
const optimalCount = 500;

/** How a candidate compares by a metric: by its mean where one is tested, else by the question with most evidence; null without one. */
export const effectOf = (plan: CanaryPlan, metric: CanaryMetric, state: MetricState): Effect | null => {
  if (state.witness !== null) {
    return wordingEffect(state.witness);
  }
  if (state.mean !== null) {
    return state.mean.betting.count === 0 ? null : meanEffect(metric, state.mean);
  }
  const worst = state.questions.toSorted((a, b) => logMeanExp(b.harm) - logMeanExp(a.harm))[0];
  return worst === undefined || state.candidate === 0 || state.baseline === 0
    ? null
    : questionEffect(plan, state, worst);
};

/** Whether an effect is large enough to be acted on, however sure it is. */
export const isLarge = ({ leastEffect }: CanaryMetric, effect: Effect | null): boolean =>
  effect !== null && (effect.ratio === null ? (effect.candidateShare ?? 0) > 0 : effect.ratio >= leastEffect);

const questionEffect = (plan: CanaryPlan, state: MetricState, question: Question): Effect => {
  const { up, down, bin } = question;
  const baselineShare = Math.min(1, question.baselineYes / state.baseline);
  const { low, high } = ratioInterval(question.likelihood, intervalAlpha);
  // Test A is about rates as it is, test B about odds.
  const asRates = (odds: number): number => (plan.unit === "request" ? riskRatio(odds, baselineShare) : odds);
  return {
    of: bin === null ? "rate" : "above",
    threshold: bin === null ? null : binValue(bin),
    ratio: down === 0 ? null : up / down,
    low: low === 0 ? null : asRates(low),
    high: Number.isFinite(high) ? asRates(high) : null,
    candidateShare: Math.min(1, question.candidateYes / state.candidate),
    baselineShare,
  };
};

const wordingEffect = ({ candidate, baseline }: WitnessEvidence): Effect | null =>
  Math.min(candidate.count, baseline.count) < 2
    ? null
    : {
        of: "wording",
        threshold: null,
        ratio: 1 + embeddingDistance(candidate, baseline),
        ...{ low: null, high: null, candidateShare: null, baselineShare: null },
      };

/** Each bet has its difference from a mean of the baseline of the same look; test H says how far off their mean may be. */
const meanEffect = (metric: CanaryMetric, { cap, betting, baselineSum }: MeanEvidence): Effect => {
  const { count, sum, sumOfSquares } = betting;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, sumOfSquares / count - mean * mean));
  const radius = asymptoticRadius({ count, deviation, alpha: intervalAlpha, optimalCount });
  const scale = baselineSum === 0 ? 0 : (Math.max(1, metric.tolerated) * cap * count) / baselineSum;
  const ratioAt = (difference: number): number | null =>
    scale === 0 ? null : Math.max(0, metric.tolerated + difference * scale);
  return {
    of: "mean",
    threshold: null,
    ratio: ratioAt(mean),
    low: ratioAt(mean - radius),
    high: ratioAt(mean + radius),
    candidateShare: null,
    baselineShare: null,
  };
};
