import { cappedMean } from "../../stats/evidence/capped-mean.ts";
import { emptyHistogram, totalOf } from "../../stats/histogram/histogram.ts";
import { countsAbove } from "../../stats/histogram/histogram-quantile.ts";
import type { MeanEvidence, MetricState, WitnessEvidence } from "./canary-state.ts";
import type { Reference } from "./freeze-metric.ts";
import { learnMetric } from "./freeze-metric.ts";
import type { Seen } from "./look.ts";
import { matchValues, meanOf, valuesOf } from "./match-values.ts";
import type { CanaryMetric } from "./metric.ts";
import { startNegligible, stepNegligible } from "./negligible.ts";
import type { CanaryPlan } from "./plan.ts";
import { questionTests } from "./step-question.ts";
import type { EmbeddedArm } from "./step-witness.ts";
import { emptyArm, startWitness, stepWitness } from "./step-witness.ts";

/** What a metric of both arms was in a look; undefined where it was not seen. */
export interface SeenArms {
  readonly candidate: Seen | undefined;
  readonly baseline: Seen | undefined;
  readonly share: number;
  /** Orders values that came in one look. */
  readonly seed: string;
}

/** The state of a metric before the first look. `reference` is what the baseline had before the rollout, null where not known. */
export const startMetric = (plan: CanaryPlan, metric: CanaryMetric, reference: Reference | null): MetricState => {
  const tests = questionTests(plan, metric);
  const state: MetricState = {
    candidate: 0,
    baseline: 0,
    beforeStage: 0,
    learning:
      metric.kind === "rate" || metric.kind === "embedding"
        ? null
        : { values: { bins: [], counts: [] }, failed: { bins: [], counts: [] } },
    price: 0,
    questions: metric.kind === "rate" ? [tests.start(null, metric.mustPass)] : [],
    mean: null,
    witness: metric.kind === "embedding" ? startWitness() : null,
    negligible: metric.kind === "rate" && metric.mustPass && plan.unit === "request" ? startNegligible() : [],
  };
  return reference === null ? state : learnMetric({ metric, tests, state, more: reference });
};

/** The state of a metric after one more look. While it learns, units are not compared and do not count. */
export const stepMetric = (
  state: MetricState,
  seen: SeenArms,
  { plan, metric }: { readonly plan: CanaryPlan; readonly metric: CanaryMetric },
): MetricState => {
  if (metric.kind === "rate") {
    return stepRate(state, seen, { plan, metric });
  }
  if (state.witness !== null) {
    return stepEmbedding(state, state.witness, seen);
  }
  const [candidate, baseline] = [referenceOf(seen.candidate), referenceOf(seen.baseline)];
  const tests = questionTests(plan, metric);
  if (state.learning !== null) {
    return learnMetric({ metric, tests, state, more: baseline });
  }
  const [n, m] = [sizeOf(candidate), sizeOf(baseline)];
  const above = [candidate, baseline].map(({ values }) =>
    countsAbove(
      values,
      state.questions.map(({ bin }) => bin ?? 0),
    ),
  );
  return {
    ...state,
    candidate: state.candidate + n,
    baseline: state.baseline + m,
    questions: state.questions.map((question, index) =>
      tests.step(question, {
        candidate: n,
        candidateYes: above[0]?.[index] ?? 0,
        baseline: m,
        baselineYes: above[1]?.[index] ?? 0,
        share: seen.share,
      }),
    ),
    mean: state.mean === null ? null : stepMean(state.mean, { candidate, baseline, seen, metric, price: state.price }),
  };
};

const stepRate = (
  state: MetricState,
  seen: SeenArms,
  { plan, metric }: { readonly plan: CanaryPlan; readonly metric: CanaryMetric },
): MetricState => {
  const [candidate, baseline] = [rateOf(seen.candidate), rateOf(seen.baseline)];
  const pool = {
    candidate: candidate.n,
    candidateYes: candidate.bad,
    baseline: baseline.n,
    baselineYes: baseline.bad,
    share: seen.share,
  };
  const tests = questionTests(plan, metric);
  return {
    ...state,
    candidate: state.candidate + candidate.n,
    baseline: state.baseline + baseline.n,
    questions: state.questions.map((question) => tests.step(question, pool)),
    negligible: stepNegligible(state.negligible, candidate, metric.negligible),
  };
};

const stepEmbedding = (state: MetricState, witness: WitnessEvidence, seen: SeenArms): MetricState => {
  const [candidate, baseline] = [embeddedOf(seen.candidate), embeddedOf(seen.baseline)];
  return {
    ...state,
    candidate: state.candidate + candidate.count,
    baseline: state.baseline + baseline.count,
    witness: stepWitness(witness, { candidate, baseline }),
  };
};

const embeddedOf = (seen: Seen | undefined): EmbeddedArm => {
  if (seen === undefined) return emptyArm;
  if ("squaredNorms" in seen) return seen;
  throw new RangeError("an embedding was seen as a number");
};

const stepMean = (
  mean: MeanEvidence,
  args: {
    readonly candidate: Reference;
    readonly baseline: Reference;
    readonly seen: SeenArms;
    readonly metric: CanaryMetric;
    readonly price: number;
  },
): MeanEvidence => {
  const { cap } = mean;
  const test = cappedMean({ cap, nullRatio: args.metric.tolerated });
  const matches = matchValues({
    candidate: pricedValues(args.candidate, args.price),
    baseline: pricedValues(args.baseline, args.price),
    cap,
    seed: `${args.metric.name} ${args.seen.seed}`,
  });
  return {
    cap,
    betting: matches.reduce(test.step, mean.betting),
    baselineSum: matches.reduce((sum, { baseline }) => sum + meanOf(baseline), mean.baselineSum),
  };
};

/** A call that failed counts with the price of the success that it was not. */
const pricedValues = ({ values, failed }: Reference, price: number): readonly number[] => [
  ...valuesOf(values),
  ...valuesOf(failed, price),
];

const sizeOf = ({ values, failed }: Reference): number => totalOf(values) + totalOf(failed);

const rateOf = (seen: Seen | undefined): { readonly n: number; readonly bad: number } => {
  if (seen === undefined) return { n: 0, bad: 0 };
  if ("bad" in seen) return seen;
  throw new RangeError("a rate was seen as a histogram");
};

const referenceOf = (seen: Seen | undefined): Reference => {
  if (seen === undefined) return { values: emptyHistogram, failed: emptyHistogram };
  if ("bins" in seen) return { values: seen, failed: emptyHistogram };
  if ("succeeded" in seen) return { values: seen.succeeded, failed: seen.failed };
  throw new RangeError("a number was seen as a rate");
};
