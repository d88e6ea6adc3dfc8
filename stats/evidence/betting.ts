import { requireFinite, requireShare } from "../special/require-number.ts";
import type { SequentialTest } from "./sequential-test.ts";

/** State of a betting test: the differences so far, and ln of the capital. */
export interface BettingState {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly log: number;
}

/** How much of the capital may be at stake. */
export interface BettingSettings {
  /** The largest bet, between 0 and 1. */
  readonly cap: number;
}

const firstBet = 0.1;
const firstSteps = 10;

/**
 * Evidence that the mean of differences in [-1, 1] is above 0: a capital of 1 bets on each, E <- E (1 + bet difference), and what
 * it bets depends on the past only: the approximate growth-optimal bet mean / mean square. Waudby-Smith and Ramdas, JRSS-B 2024,
 * arXiv 2010.09686. RangeError for a difference beyond [-1, 1].
 */
export const betting = ({ cap }: BettingSettings): SequentialTest<BettingState, number> => {
  requireShare("cap", cap);
  return {
    start: { count: 0, sum: 0, sumOfSquares: 0, log: 0 },
    step: (state, difference) => {
      if (Math.abs(requireFinite("difference", difference)) > 1) {
        throw new RangeError(`the difference ${difference} is not between -1 and 1`);
      }
      return {
        count: state.count + 1,
        sum: state.sum + difference,
        sumOfSquares: state.sumOfSquares + difference * difference,
        log: state.log + Math.log1p(betOf(state, cap) * difference),
      };
    },
    logEvidence: ({ log }) => log,
  };
};

const betOf = ({ count, sum, sumOfSquares }: BettingState, cap: number): number => {
  if (count < firstSteps) {
    return Math.min(firstBet, cap);
  }
  return sumOfSquares === 0 ? 0 : Math.min(Math.max(sum / sumOfSquares, 0), cap);
};
