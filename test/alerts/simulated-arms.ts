import type { ArmTally, Bins } from "../../core/arms.ts";
import type { Random } from "../../core/random.ts";
import { binOf } from "../../stats/histogram/bin.ts";

/** What the calls of a target are like while they are simulated. */
export interface SimulatedTarget {
  readonly variant: string;
  /** Calls of one look, on average. */
  readonly calls: number;
  /** Median of its log-normal latencies, in milliseconds, and the standard deviation of their logarithm. */
  readonly medianMs: number;
  readonly sigma?: number;
  readonly errorRate?: number;
  /** Share of the answers that decline. */
  readonly refusalRate?: number;
  /** Median cost of an answer in nano-dollars; absent leaves calls without a price. */
  readonly costNanos?: number;
}

/** What came of a target in one look: numbers of calls are Poisson, latencies log-normal. */
export const simulatedArm = (target: SimulatedTarget, random: Random): ArmTally => {
  const calls = poisson(target.calls, random);
  const ttftMs = new Map<number, number>();
  const cost = new Map<number, number>();
  let errors = 0;
  let refusals = 0;
  for (let call = 0; call < calls; call += 1) {
    const isError = random.uniform() < (target.errorRate ?? 0);
    count(ttftMs, target.medianMs * Math.exp((target.sigma ?? 0.4) * random.normal()));
    errors += isError ? 1 : 0;
    refusals += !isError && random.uniform() < (target.refusalRate ?? 0) ? 1 : 0;
    if (!isError && target.costNanos !== undefined) count(cost, target.costNanos * Math.exp(0.5 * random.normal()));
  }
  const none: Bins = new Map();
  return {
    ...{ route: "chat", variant: target.variant, calls, answers: calls - errors, errors, rateLimited: 0, fallbacks: 0 },
    ...{ started: calls, measured: calls - errors, refusals, malformed: 0, rated: 0, badRated: 0 },
    ttftMs,
    ...{ durationMs: none, outputTokens: none, answerCostNanos: cost, otherCostNanos: none },
  };
};

const count = (bins: Map<number, number>, value: number): void => {
  const bin = binOf(value);
  bins.set(bin, (bins.get(bin) ?? 0) + 1);
};

/** Knuth, The Art of Computer Programming 2, 3.4.1: for means of a few dozen; larger ones are sums of such. */
const poisson = (mean: number, random: Random): number => {
  if (mean > 30) return poisson(30, random) + poisson(mean - 30, random);
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > least; product *= random.uniform()) count += 1;
  return count;
};
