import { canaryPlan } from "../../alerts/canary/plan.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import { judged } from "./judged.ts";
import { numberRules } from "./number-rules.ts";
import type { NumberCounts } from "./rule.ts";
import type { Cell } from "./run-cell.ts";
import { binsFor, numberMinutes, usual, weightsOf } from "./traffic.ts";

const stages = [{ name: "5%", share: 0.05, margin: 3, least: 1_000_000, timeoutMinutes: 10_000 }];
/** Values of the baseline that are known before the rollout. */
const known = 20_000;
/** Bins that make a value three times as large. */
const tripled = binOf(3);
const shockFrom = 30;

const planFor = (kind: "quantiles" | "mean") =>
  canaryPlan.parse({
    stages,
    metrics: [{ name: "number", kind, weight: 1, mustPass: true, leastEffect: kind === "mean" ? 1.05 : 1.25 }],
  });

/** How the candidate's values differ: all are multiplied by a factor, or a share of them by another one. */
export interface Harm {
  readonly factor: number;
  readonly tailShare?: number;
  readonly tailFactor?: number;
}

/** A rollout of an hour in which values are lognormal, beside what others decide by. */
export const numberCell = (args: {
  readonly runs: number;
  readonly seed: number;
  readonly kind: "quantiles" | "mean";
  readonly median: number;
  readonly sigma: number;
  readonly harm: Harm;
  /** Looks a minute. */
  readonly looks?: number;
  /** Whether the values of both arms triple in the 31st minute and stay there; others are not told. */
  readonly isShocked?: boolean;
}): Cell<NumberCounts> => {
  const { median, sigma } = args;
  const { factor, tailShare = 0, tailFactor = 1 } = args.harm;
  const baselineParts = [{ weight: 1, median, sigma }];
  const candidateParts = [
    { weight: 1 - tailShare, median: median * factor, sigma },
    { weight: tailShare, median: median * factor * tailFactor, sigma },
  ];
  const bins = binsFor([...baselineParts, ...candidateParts]);
  const weights = { candidate: weightsOf(bins, candidateParts), baseline: weightsOf(bins, baselineParts) };
  const minutes = numberMinutes(bins, weights);
  const counts = weights.baseline.map((weight) => Math.round(weight * known));
  const kept = [...counts.keys()].filter((place) => (counts[place] ?? 0) > 0);
  const values = { bins: kept.map((place) => bins.lowest + place), counts: kept.map((place) => counts[place] ?? 0) };
  const plan = planFor(args.kind);
  const p95 = median * Math.exp(1.6449 * sigma);
  return {
    runs: args.runs,
    seed: args.seed,
    minutes: 60,
    traffic: (random) => (minute) =>
      minutes(random, {
        ...usual,
        looks: args.looks ?? usual.looks,
        hasTwin: args.isShocked !== true,
        shift: args.isShocked === true && minute >= shockFrom ? tripled : 0,
      }),
    judge: () => judged(plan, { number: { values, failed: { bins: [], counts: [] } } }),
    rules: args.isShocked === true ? [] : numberRules(bins.values, p95),
  };
};
