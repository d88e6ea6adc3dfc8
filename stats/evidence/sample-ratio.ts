import { logGamma } from "../special/log-gamma.ts";
import { requireCount, requirePositive, requireShare } from "../special/require-number.ts";
import type { SequentialTest } from "./sequential-test.ts";

/** Units that each arm got while the configured weights stood still. */
export interface ArmUnits {
  /** Configured shares of the arms; they add up to 1. */
  readonly weights: readonly number[];
  /** Units of randomisation (users, sessions, or requests) of each arm, in the same order. */
  readonly units: readonly number[];
}

/** State of test E: what was counted at the weights of now, and ln of the evidence of all weights before. */
export interface SampleRatioState {
  readonly closed: number;
  readonly weights: readonly number[];
  readonly units: readonly number[];
}

/**
 * Test E: evidence that arms do not get their configured shares of units, so that no comparison of them can be trusted (sample
 * ratio mismatch): a Dirichlet-multinomial alternative with prior counts `concentration` times the weights, against the weights.
 * Lindon and Malek, arXiv 2011.03567. Evidence at other weights multiplies.
 */
export const sampleRatio = (concentration = 100): SequentialTest<SampleRatioState, ArmUnits> => {
  requirePositive("concentration", concentration);
  const logOdds = ({ weights, units }: ArmUnits): number => sampleRatioLogOdds(weights, units, concentration);
  return {
    start: { closed: 0, weights: [], units: [] },
    step: (state, { weights, units }) => {
      checkUnits(weights, units);
      const isSame = weights.length === state.weights.length && weights.every((w, arm) => w === state.weights[arm]);
      return isSame
        ? { ...state, units: units.map((count, arm) => count + (state.units[arm] ?? 0)) }
        : { closed: state.closed + logOdds(state), weights: [...weights], units: [...units] };
    },
    logEvidence: (state) => state.closed + logOdds(state),
  };
};

const sampleRatioLogOdds = (weights: readonly number[], units: readonly number[], concentration: number): number => {
  const total = units.reduce((sum, count) => sum + count, 0);
  return units.reduce(
    (sum, count, arm) => {
      const weight = weights[arm] ?? 0;
      const prior = concentration * weight;
      return sum + logGamma(prior + count) - logGamma(prior) - count * Math.log(weight);
    },
    logGamma(concentration) - logGamma(concentration + total),
  );
};

const checkUnits = (weights: readonly number[], units: readonly number[]): void => {
  if (weights.length < 2 || weights.length !== units.length) {
    throw new RangeError(`${weights.length} weights and ${units.length} numbers of units are no two or more arms`);
  }
  for (const count of units) {
    requireCount("units", count);
  }
  const sum = weights.reduce((total, weight) => total + requireShare("a weight", weight), 0);
  if (Math.abs(sum - 1) > 1e-9) {
    throw new RangeError(`the weights add up to ${sum}`);
  }
};
