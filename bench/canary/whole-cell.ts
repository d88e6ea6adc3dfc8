import { canaryPlan, namedPlans, stagesOf } from "../../alerts/canary/plan.ts";
import type { Random } from "../../core/random.ts";
import { judged } from "./judged.ts";
import type { Cell, Minute } from "./run-cell.ts";
import { binsFor, numberMinutes, rateMinute, usual, weightsOf } from "./traffic.ts";

const rates: Readonly<Record<string, number>> = {
  errors: 0.01,
  refusals: 0.02,
  malformed: 0.02,
  rate_limited: 0.01,
  fallback: 0.02,
  bad_feedback: 0.1,
};
const numbers = {
  ttft: { weight: 1, median: 600, sigma: 0.5 },
  duration: { weight: 1, median: 4_000, sigma: 0.7 },
  output_tokens: { weight: 1, median: 400, sigma: 0.9 },
  cost: { weight: 1, median: 0.01, sigma: 0.9 },
} as const;

const plan = canaryPlan.parse({
  stages: stagesOf(namedPlans["1-5-25-50-100"]).map((stage) => ({ ...stage, least: 10_000_000 })),
});

/** A rollout of an hour that is judged by all metrics that ship, with their weights; errors are so many times the baseline's. */
export const wholeCell = (args: {
  readonly runs: number;
  readonly seed: number;
  readonly looks: number;
  readonly errorsTimes: number;
}): Cell<null> => {
  const setting = { ...usual, looks: args.looks };
  const values = Object.entries(numbers).map(([name, part]) => {
    const bins = binsFor([part]);
    const weights = weightsOf(bins, [part]);
    return { name, minutes: numberMinutes(bins, { candidate: weights, baseline: weights }) };
  });
  const minuteOf = (random: Random): Minute<null> => {
    const shares = Object.entries(rates).map(([name, rate]) => {
      const candidate = name === "errors" ? rate * args.errorsTimes : rate;
      return { name, minute: rateMinute(random, setting, { candidate, baseline: rate }) };
    });
    const all = [...shares, ...values.map(({ name, minutes }) => ({ name, minute: minutes(random, setting) }))];
    return together(all);
  };
  return {
    runs: args.runs,
    seed: args.seed,
    minutes: 60,
    traffic: (random) => () => minuteOf(random),
    judge: () => judged(plan),
    rules: [],
  };
};

/** One metric beside the other; each was drawn with requests of its own, and requests are counted by the first. */
const together = (
  all: readonly { readonly name: string; readonly minute: Pick<Minute<unknown>, "spans" | "requests"> }[],
): Minute<null> => {
  const first = all[0]?.minute ?? { spans: [], requests: [] };
  return {
    counts: null,
    requests: first.requests,
    spans: first.spans.map((span, look) => {
      const armOf = (arm: "candidate" | "baseline") => ({
        assigned: span[arm].assigned,
        metrics: Object.fromEntries(
          all.flatMap(({ name, minute }) => {
            const seen = Object.values(minute.spans[look]?.[arm].metrics ?? {})[0];
            if (seen === undefined) return [];
            return name === "cost" && "bins" in seen
              ? [
                  [name, seen],
                  ["cost_per_success", { succeeded: seen, failed: { bins: [], counts: [] } }],
                ]
              : [[name, seen]];
          }),
        ),
      });
      return { share: span.share, candidate: armOf("candidate"), baseline: armOf("baseline") };
    }),
  };
};
