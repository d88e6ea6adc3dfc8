import { canaryPlan } from "../../alerts/canary/plan.ts";
import { seededRandom } from "../../core/random.ts";
import type { Figure } from "../figure.ts";
import { medianFigure } from "../figure.ts";
import type { Span } from "./judged.ts";
import { judged } from "./judged.ts";
import { binsFor, numberMinutes, rateMinute, usual, weightsOf } from "./traffic.ts";

const rounds = 9;
const looksPerRound = 100;
/** Rounds before the first that counts, in which the engine compiles and thresholds are learnt. */
const warmUps = 3;
const kinds = ["rate", "rate", "quantiles", "mean"] as const;

const plan = canaryPlan.parse({
  stages: [{ name: "5%", share: 0.05, margin: 3, least: 1_000_000, timeoutMinutes: 10_000 }],
  metrics: Array.from({ length: 20 }, (_, index) => ({
    name: `metric_${index}`,
    kind: kinds[index % kinds.length],
    weight: 0.05,
    mustPass: index < 8,
  })),
});

/** Milliseconds of this thread that a look at 20 metrics takes, ten of them rates, with its verdict. */
export const lookCost = (): Figure => {
  const nextSpan = spans();
  const judge = judged(plan);
  const times: number[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const seen = Array.from({ length: looksPerRound }, nextSpan);
    const before = process.threadCpuUsage();
    for (const span of seen) {
      judge(span);
    }
    const { user, system } = process.threadCpuUsage(before);
    if (round >= 0) {
      times.push((user + system) / 1_000 / looksPerRound);
    }
  }
  return medianFigure("canary.look_at_20_metrics", "ms", times);
};

/** Makes looks of 5 seconds in which all rates are alike, and all numbers. */
const spans = (): (() => Span) => {
  const random = seededRandom(40);
  const part = { weight: 1, median: 600, sigma: 0.5 };
  const bins = binsFor([part]);
  const weights = weightsOf(bins, [part]);
  const minutes = numberMinutes(bins, { candidate: weights, baseline: weights });
  const setting = { ...usual, requests: Math.round(usual.requests / usual.looks), looks: 1 };
  return () => {
    const rate = rateMinute(random, setting, { candidate: 0.01, baseline: 0.01 }).spans[0];
    const number = minutes(random, setting).spans[0];
    if (rate === undefined || number === undefined) {
      throw new RangeError("a minute without a look");
    }
    const armOf = (name: "candidate" | "baseline") => ({
      assigned: rate[name].assigned,
      metrics: Object.fromEntries(
        plan.metrics.flatMap((metric) => {
          const seen = metric.kind === "rate" ? rate[name].metrics["rate"] : number[name].metrics["number"];
          return seen === undefined ? [] : [[metric.name, seen]];
        }),
      ),
    });
    return { share: usual.share, candidate: armOf("candidate"), baseline: armOf("baseline") };
  };
};
