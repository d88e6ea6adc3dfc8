import { combineEvidence } from "../../stats/evidence/combine-evidence.ts";
import { logMeanExp } from "../../stats/special/log-sum-exp.ts";
import type { CanaryState, MetricState, Question } from "./canary-state.ts";
import type { CanaryMetric } from "./metric.ts";
import type { CanaryPlan } from "./plan.ts";
import { marginsOf } from "./step-question.ts";
import { logWitness } from "./step-witness.ts";

/** Share of the evidence of safety that the rate itself has beside its ratio to the baseline's. */
const negligibleWeight = 0.2;

/** ln of the evidence that the candidate is worse by a metric; 0 where nothing was compared. */
export const logHarm = ({ kind }: CanaryMetric, { questions, mean, witness }: MetricState): number => {
  if (witness !== null) {
    return logWitness(witness);
  }
  const asked = questions.length === 0 ? [] : [logMeanExp(questions.map(({ harm }) => logMeanExp(harm)))];
  const bet = mean === null ? [] : [mean.betting.log];
  const parts = kind === "rate" || kind === "quantiles" ? asked : [...asked, ...bet];
  return parts.length === 0 ? 0 : logMeanExp(parts);
};

/** ln of the evidence that any metric is worse, by their weights: one alpha for all of them, all stages and all looks. */
export const logHarmOfAll = ({ metrics }: CanaryPlan, state: CanaryState): number =>
  combineEvidence(
    metrics.map((metric) => {
      const one = state.metrics[metric.name];
      return { weight: metric.weight, logEvidence: one === undefined ? 0 : logHarm(metric, one) };
    }),
  );

/** The question by which a metric is shown to stay below a margin; undefined while it learns, and where nothing is demanded. */
export const demandedQuestion = ({ questions }: MetricState): Question | undefined =>
  questions.find(({ safety }) => safety.length > 0);

/**
 * ln of the evidence that the candidate stays below a margin of the plan, or below the negligible rate; null where that is not
 * tested, or not yet.
 */
export const logSafety = (plan: CanaryPlan, state: MetricState, margin: number): number | null => {
  const evidence = demandedQuestion(state)?.safety[marginsOf(plan).indexOf(margin)];
  if (evidence === undefined) {
    return null;
  }
  const below = logMeanExp(evidence);
  return state.negligible.length === 0
    ? below
    : combineEvidence([
        { weight: 1 - negligibleWeight, logEvidence: below },
        { weight: negligibleWeight, logEvidence: logMeanExp(state.negligible) },
      ]);
};
