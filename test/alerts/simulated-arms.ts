import type { ArmTally, Bins } from "../../core/arms.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import type { Random } from "../stats/random.ts";

/** What the calls of a target are like while they are simulated. */
export interface SimulatedTarget {
  readonly variant: string;
  /** Calls of one look, on average. */
  readonly calls: number;
  /** Median of its log-normal latencies, in milliseconds, and the standard deviation of their logarithm. */
  readonly medianMs: number;
  readonly sigma?: number;
  readonly errorRate?: number;
}

/** What came of a target in one look: numbers of calls are Poisson, latencies log-normal. */
export const simulatedArm = (target: SimulatedTarget, random: Random): ArmTally => {
  const calls = poisson(target.calls, random);
  const latencies = new Map<number, number>();
  let errors = 0;
  for (let call = 0; call < calls; call += 1) {
    const bin = binOf(target.medianMs * Math.exp((target.sigma ?? 0.4) * random.normal()));
    latencies.set(bin, (latencies.get(bin) ?? 0) + 1);
    errors += random.uniform() < (target.errorRate ?? 0) ? 1 : 0;
  }
  const none: Bins = new Map();
  return {
    ...{ route: "chat", variant: target.variant, calls, answers: calls - errors, errors, rateLimited: 0, fallbacks: 0 },
    ...{ started: calls, measured: calls - errors, refusals: 0, malformed: 0 },
    ttftMs: latencies,
    ...{ durationMs: none, outputTokens: none, answerCostNanos: none, otherCostNanos: none },
  };
};

/** Knuth, The Art of Computer Programming 2, 3.4.1: for means of a few dozen. */
const poisson = (mean: number, random: Random): number => {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > least; product *= random.uniform()) count += 1;
  return count;
};
