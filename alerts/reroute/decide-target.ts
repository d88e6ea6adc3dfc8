import { histogramQuantile } from "../../stats/histogram/histogram-quantile.ts";
import { failingEvidence, recentOf, slowEvidence, wellEvidence } from "./judge-target.ts";
import type { RerouteConfig } from "./reroute-config.ts";
import type { TargetState } from "./target-state.ts";

/** What a target is to have, and why. */
export interface Wish {
  /** What is to be left of its weight. */
  readonly factor: number;
  readonly reason: string;
}

/** What decisions about targets depend on besides their states. */
export interface DecisionBounds {
  readonly config: RerouteConfig;
  /** Evidence that takes traffic away, as natural logarithm. */
  readonly logBound: number;
}

/** Evidence that gives traffic back: a target that is not well gets it back by mistake once in 400 looks. */
const logWellBound = Math.log(400);
/** Part of its weight that a target gets back first. */
const halfway = 0.5;

/**
 * What a target is to have if it is not what it has: less when it is certainly and badly slower than usual, or fails more, than
 * the others of its route; half and then all of its weight when it is shown to be well again. Null leaves it as it is.
 */
export const decideTarget = (state: TargetState, bounds: DecisionBounds): Wish | null =>
  (state.factor > bounds.config.leastFactor ? loss(state, bounds) : null) ?? recovered(state);

const loss = (state: TargetState, { config, logBound }: DecisionBounds): Wish | null => {
  const factor = config.leastFactor;
  const { calls, failed, latency } = recentOf(state);
  const failedShare = calls === 0 ? 0 : failed / calls;
  if (failingEvidence(state) >= logBound) {
    return { factor, reason: `${percent(failedShare)} of ${calls} calls failed, far more than of the other targets` };
  }
  if (slowEvidence(state) < logBound) {
    return null;
  }
  const slowdown = levels
    .map((level) => ({
      level,
      usualMs: histogramQuantile(state.usual, level) ?? 0,
      nowMs: histogramQuantile(latency, level) ?? 0,
    }))
    .find(({ usualMs, nowMs }) => usualMs > 0 && nowMs >= config.leastSlowdown * usualMs);
  return slowdown === undefined
    ? null
    : {
        factor,
        reason: `${slowdown.level === 0.5 ? "median" : "p95"} latency went from ${milliseconds(slowdown.usualMs)} to ${milliseconds(slowdown.nowMs)} over ${calls} calls, and that of the other targets did not`,
      };
};

const levels = [0.5, 0.95] as const;

const recovered = (state: TargetState): Wish | null => {
  const well = wellEvidence(state);
  if (well === null || well.fast < logWellBound || well.sound < logWellBound) {
    return null;
  }
  const { calls } = recentOf(state);
  const reason = `as fast and as sound as the other targets again, by the last ${calls} calls and those before`;
  return { factor: state.factor < halfway ? halfway : 1, reason };
};

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

const milliseconds = (ms: number): string => `${ms.toPrecision(3)} ms`;
