import type { ArmCounts } from "../../stats/evidence/rate-ratio.ts";
import type { SequentialTest } from "../../stats/evidence/sequential-test.ts";
import { logChoose } from "../../stats/special/log-gamma.ts";
import { logSumExp } from "../../stats/special/log-sum-exp.ts";

/** The evidence, not its logarithm, after a list of observations. */
export const evidenceAfter = <S, O>({ start, step, logEvidence }: SequentialTest<S, O>, seen: readonly O[]): number =>
  Math.exp(logEvidence(seen.reduce(step, start)));

/** Probabilities of 0 to n successes. */
export const binomial = (n: number, p: number): readonly number[] =>
  Array.from({ length: n + 1 }, (_, k) => Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p)));

/** One bucket of time, of which the bad events can fall on either arm. */
interface Bucket {
  readonly canary: number;
  readonly baseline: number;
  readonly bad: number;
}

/** Every way in which the bad events of a bucket can fall on two arms, with its probability when the odds ratio is `odds`. */
export const waysToFall = ({ canary, baseline, bad }: Bucket, odds = 1): readonly (ArmCounts & { p: number })[] => {
  const possible = Array.from({ length: bad + 1 }, (_, k) => k).filter((k) => k <= canary && bad - k <= baseline);
  const logs = possible.map((k) => logChoose(canary, k) + logChoose(baseline, bad - k) + k * Math.log(odds));
  const total = logSumExp(logs);
  return possible.map((k, index) => ({
    canary,
    baseline,
    canaryBad: k,
    baselineBad: bad - k,
    p: Math.exp((logs[index] ?? 0) - total),
  }));
};

/** The mean of a value over all ways, by their probabilities. */
export const meanOver = <T extends { p: number }>(ways: readonly T[], value: (way: T) => number): number =>
  ways.reduce((sum, way) => sum + way.p * value(way), 0);
