import { canaryPlan } from "../../alerts/canary/plan.ts";
import { judged } from "./judged.ts";
import { flaggerRules, rateRules } from "./rate-rules.ts";
import type { RateCounts } from "./rule.ts";
import type { Cell } from "./run-cell.ts";
import { rateMinute, usual } from "./traffic.ts";

const stages = [{ name: "5%", share: 0.05, margin: 3, least: 1_000_000, timeoutMinutes: 10_000 }];

/** A plan that is judged by one rate, at alpha 0.01. */
export const ratePlan = canaryPlan.parse({
  stages,
  metrics: [{ name: "rate", kind: "rate", weight: 1, mustPass: true }],
});

/** A rollout of an hour at constant rates, beside what others decide by. */
export const rateCell = (args: {
  readonly runs: number;
  readonly seed: number;
  readonly baseline: number;
  readonly candidate: number;
}): Cell<RateCounts> => ({
  runs: args.runs,
  seed: args.seed,
  minutes: 60,
  traffic: (random) => () => rateMinute(random, usual, args),
  judge: () => judged(ratePlan),
  rules: [...rateRules(args.baseline), ...flaggerRules(args.baseline)],
});
