import { betting } from "../../stats/evidence/betting.ts";
import { exceedanceLevels } from "../../stats/evidence/exceedance.ts";
import { binOf, binValue } from "../../stats/histogram/bin.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { totalOf } from "../../stats/histogram/histogram.ts";
import { quantileBin } from "../../stats/histogram/histogram-quantile.ts";
import { mergeHistograms } from "../../stats/histogram/merge-histograms.ts";
import type { MetricState, Question } from "./canary-state.ts";
import { meanOf, valuesOf } from "./match-values.ts";
import type { CanaryMetric } from "./metric.ts";
import type { QuestionTests } from "./step-question.ts";

/** Values of a metric in the baseline. */
export interface Reference {
  /** Of units that succeeded, for a metric of kind `per_success`; else of all. */
  readonly values: Histogram;
  /** Of units that did not succeed; empty for other kinds. */
  readonly failed: Histogram;
}

/** Values of the baseline that make thresholds of it. Until then candidates are not compared by this metric. */
const leastValues = 300;
/** The level at which must-pass metrics are demanded to stay below their margin. */
const demandedLevel = 0.95;
const capLevel = 0.99;

/** The metric with one more look's values of the baseline, and with its questions as soon as there are enough of them. */
export const learnMetric = (args: {
  readonly metric: CanaryMetric;
  readonly tests: QuestionTests;
  readonly state: MetricState;
  readonly more: Reference;
}): MetricState => {
  const { metric, tests, state, more } = args;
  if (state.learning === null) {
    return state;
  }
  const values = mergeHistograms([state.learning.values, more.values]);
  const failed = mergeHistograms([state.learning.failed, more.failed]);
  const learning = { values: plain(values), failed: plain(failed) };
  if (totalOf(values) + totalOf(failed) < leastValues || totalOf(values) === 0) {
    return { ...state, learning };
  }
  return metric.kind === "per_success"
    ? { ...state, ...pricedBy(learning), learning: null }
    : {
        ...state,
        learning: null,
        questions: metric.kind === "rate" ? [] : questionsOf(values, metric, tests),
        mean: metric.kind === "mean" ? meanUpTo(binValue(quantileBin(values, capLevel) ?? 0)) : null,
      };
};

const plain = ({ bins, counts }: Histogram): { bins: number[]; counts: number[] } => ({
  bins: [...bins],
  counts: [...counts],
});

/** Nothing of the reference lies above its highest bin: whether something does would hardly tell one value from another. */
const questionsOf = (values: Histogram, metric: CanaryMetric, tests: QuestionTests): Question[] => {
  const asked = exceedanceLevels.map((level) => quantileBin(values, level) ?? binOf(0));
  const telling = [...new Set(asked)].filter((bin) => bin !== values.bins.at(-1));
  const bins = telling.length === 0 ? asked.slice(0, 1) : telling;
  const demanded = bins.findLast((bin) => bin <= (quantileBin(values, demandedLevel) ?? bin));
  return bins.map((bin) => tests.start(bin, metric.mustPass && bin === demanded));
};

/** A price and a cap of nothing would leave nothing to bet on. */
const meanUpTo = (cap: number): MetricState["mean"] =>
  cap > 0 ? { cap, betting: betting({ cap: 0.5 }).start, baselineSum: 0 } : null;

/** What a success costs, failures included, and the most that a unit counts as: a dear call that failed as well. */
const pricedBy = ({ values, failed }: Reference): Pick<MetricState, "price" | "mean"> => {
  const all = mergeHistograms([values, failed]);
  const price = (meanOf(valuesOf(all)) * totalOf(all)) / totalOf(values);
  return { price, mean: meanUpTo(binValue(quantileBin(all, capLevel) ?? 0) + price) };
};
