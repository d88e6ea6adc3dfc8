import { canaryPlan } from "../../alerts/canary/plan.ts";
import type { Random } from "../../core/random.ts";
import { rateRatio } from "../../stats/evidence/rate-ratio.ts";
import { drawBinomial } from "./draws.ts";
import { judged } from "./judged.ts";
import { ratePlan } from "./rate-cells.ts";
import type { RateCounts, Rule } from "./rule.ts";
import type { Cell, Minute } from "./run-cell.ts";
import { usual } from "./traffic.ts";

const day = 24 * 60;
const users = 4_000;
/** Activity is Pareto with this exponent: few users make most of the traffic. */
const exponent = 1.5;
const meanRate = 0.01;
/** The larger, the more users are alike in how often their requests are bad. */
const likeness = 0.5;

const plan = canaryPlan.parse({ ...ratePlan, unit: "user" });

/**
 * A day in which each of 4,000 users keeps an arm, some are far more active than others, and each has a rate of bad requests of its
 * own. Requests of a user are a Poisson process, so that the minutes of its first request and its first bad one are exponential, and the
 * counts of an arm Poisson; they are drawn as such.
 */
export const stickyDay = ({ runs, seed }: { readonly runs: number; readonly seed: number }): Cell<RateCounts> => ({
  runs,
  seed,
  minutes: day,
  traffic: stickyTraffic,
  judge: () => judged(plan),
  rules: [countingRequests],
});

/** What the judge does not do: test B on the requests of users that keep their arms. */
const countingRequests: Rule<RateCounts> = {
  name: "test B on requests instead of users, alpha 0.05",
  start: () => {
    const test = rateRatio();
    let state = test.start;
    return ({ candidate, candidateBad, baseline, baselineBad }) => {
      state = test.step(state, { canary: candidate, canaryBad: candidateBad, baseline, baselineBad });
      return test.logEvidence(state) >= Math.log(20);
    };
  },
};

interface Arm {
  /** Good and bad requests a minute. */
  good: number;
  bad: number;
  /** How many users come for the first time, and are first bad, by minute. */
  readonly came: Int32Array;
  readonly wasBad: Int32Array;
}

const stickyTraffic = (random: Random): ((minute: number) => Minute<RateCounts>) => {
  const activities = Array.from({ length: users }, () => (1 - random.uniform()) ** (-1 / exponent));
  const total = activities.reduce((sum, activity) => sum + activity, 0);
  const candidate = emptyArm();
  const baseline = emptyArm();
  for (const activity of activities) {
    addUser(random.uniform() < usual.share ? candidate : baseline, (usual.requests * activity) / total, random);
  }
  return (minute) => minuteOf({ candidate, baseline, random, minute });
};

const emptyArm = (): Arm => ({ good: 0, bad: 0, came: new Int32Array(day), wasBad: new Int32Array(day) });

const addUser = (arm: Arm, requests: number, random: Random): void => {
  const rate = betaRate(random);
  arm.good += requests * (1 - rate);
  arm.bad += requests * rate;
  const came = -Math.log(1 - random.uniform()) / (requests * (1 - rate));
  const wasBad = -Math.log(1 - random.uniform()) / (requests * rate);
  count(arm.came, Math.min(came, wasBad));
  count(arm.wasBad, wasBad);
};

const count = (minutes: Int32Array, at: number): void => {
  if (at < day) {
    minutes[Math.floor(at)] = (minutes[Math.floor(at)] ?? 0) + 1;
  }
};

/** Beta(1/2, 49.5), of mean 1%, from gammas: half a squared normal has shape 1/2, an exponential 1. */
const betaRate = (random: Random): number => {
  const one = random.normal() ** 2 / 2;
  const restShape = likeness / meanRate - likeness;
  let rest = random.normal() ** 2 / 2;
  for (let shape = 1; shape <= restShape; shape += 1) {
    rest -= Math.log(1 - random.uniform());
  }
  return one / (one + rest);
};

/** Binomial with a million trials: its variance is below a Poisson's by at most 0.2% here. */
const poisson = (random: Random, mean: number): number => drawBinomial(random, 1_000_000, mean / 1_000_000);

const minuteOf = (args: {
  readonly candidate: Arm;
  readonly baseline: Arm;
  readonly random: Random;
  readonly minute: number;
}): Minute<RateCounts> => {
  const { candidate, baseline, random, minute } = args;
  const look = ({ came, wasBad }: Arm) => ({
    assigned: came[minute] ?? 0,
    metrics: { rate: { n: came[minute] ?? 0, bad: wasBad[minute] ?? 0 } },
  });
  const [candidateBad, baselineBad] = [poisson(random, candidate.bad), poisson(random, baseline.bad)];
  const n = poisson(random, candidate.good) + candidateBad;
  return {
    spans: [{ share: usual.share, candidate: look(candidate), baseline: look(baseline) }],
    requests: [n],
    counts: {
      candidate: n,
      candidateBad,
      baseline: poisson(random, baseline.good) + baselineBad,
      baselineBad,
      twinBad: 0,
    },
  };
};
