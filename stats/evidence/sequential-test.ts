/**
 * A test that may be looked at after every step. A state is plain data of finite numbers, so that it can be kept as JSON. A step
 * is pure: whoever keeps the state keeps with it what was counted last, and never counts a bucket twice.
 */
export interface SequentialTest<State, Observation> {
  /** The state before anything was seen: evidence 1. */
  readonly start: State;
  /** The state after one more observation. TypeError for NaN, RangeError for what is infinite or out of range. */
  readonly step: (state: State, observation: Observation) => State;
  /** ln of the evidence E against the null hypothesis: reject at level alpha when it is at least ln(1/alpha). */
  readonly logEvidence: (state: State) => number;
}

/** State of a mixture over a grid: ln of the evidence at each point of the grid, without its prior weight. */
export type GridState = readonly number[];

/** ln of the evidence against the null hypothesis at each grid point, added to a state of the same grid. */
export const addLogs = (state: GridState, logs: readonly number[]): GridState => {
  if (state.length !== logs.length) {
    throw new RangeError(`the state has ${state.length} points and the grid ${logs.length}`);
  }
  return state.map((log, index) => log + (logs[index] ?? 0));
};
