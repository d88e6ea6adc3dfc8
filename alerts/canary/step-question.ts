import { intervalGrid } from "../../stats/effect/ratio-interval.ts";
import { exceedanceGrid, harmGrid, safetyGrid } from "../../stats/evidence/ratio-grid.ts";
import type { Question } from "./canary-state.ts";
import type { CanaryMetric } from "./metric.ts";
import type { CanaryPlan } from "./plan.ts";
import type { Pool, StepRatio } from "./ratio-test.ts";
import { isShared, ratioTest } from "./ratio-test.ts";

/** Steps of the interval's grid on either side of 1: what people read may be a little too wide, and the state is small. */
const ratios = intervalGrid(12);

/** The tests of a metric's questions. */
export interface QuestionTests {
  /** Evidence of nothing yet, about values above a bin, or about what is bad where that is null. */
  readonly start: (bin: number | null, isDemanded: boolean) => Question;
  /** The question after one more look. */
  readonly step: (question: Question, pool: Pool) => Question;
}

/** Ratios at which harm of a metric is looked for. */
export const gridOf = ({ kind }: CanaryMetric): readonly number[] => (kind === "rate" ? harmGrid : exceedanceGrid);

/** The margins of a plan's stages, each once, in the order in which states keep them. */
export const marginsOf = ({ stages }: CanaryPlan): readonly number[] => [
  ...new Set(stages.map(({ margin }) => margin)),
];

/** The tests of a metric's questions: for harm (B or A), for its absence (C, at each margin), and the likelihood of ratios. */
export const questionTests = (plan: CanaryPlan, metric: CanaryMetric): QuestionTests => {
  const grid = gridOf(metric);
  const harm = ratioTest(plan.unit, { nullRatio: metric.tolerated, grid });
  const margins = marginsOf(plan);
  const safety = margins.map((margin) => ratioTest(plan.unit, { nullRatio: margin, grid: safetyGrid }));
  const likelihood = ratioTest(plan.unit, { grid: ratios });
  return {
    start: (bin, isDemanded) => ({
      bin,
      harm: grid.map(() => 0),
      safety: isDemanded ? margins.map(() => safetyGrid.map(() => 0)) : [],
      likelihood: ratios.map(() => 0),
      candidateYes: 0,
      baselineYes: 0,
      up: 0,
      down: 0,
    }),
    step: (question, pool) => ({
      ...question,
      harm: [...harm(question.harm, pool)],
      safety: question.safety.map((state, index) => stepped(safety[index], state, pool)),
      likelihood: [...likelihood(question.likelihood, pool)],
      candidateYes: question.candidateYes + pool.candidateYes,
      baselineYes: question.baselineYes + pool.baselineYes,
      ...addMantelHaenszel(question, pool, plan.unit),
    }),
  };
};

const stepped = (test: StepRatio | undefined, state: readonly number[], pool: Pool): number[] =>
  test === undefined ? [...state] : [...test(state, pool)];

/** Mantel and Haenszel, JNCI 1959, in the form for ratios of rates: each look is compared within itself. */
const addMantelHaenszel = (
  { up, down }: Question,
  pool: Pool,
  unit: CanaryPlan["unit"],
): Pick<Question, "up" | "down"> => {
  const share = unit === "request" ? pool.candidate / (pool.candidate + pool.baseline) : pool.share;
  return isShared(share)
    ? { up: up + pool.candidateYes * (1 - share), down: down + pool.baselineYes * share }
    : { up, down };
};
