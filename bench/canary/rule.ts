/** What both arms had in one span of time. */
export interface RateCounts {
  readonly candidate: number;
  readonly candidateBad: number;
  readonly baseline: number;
  readonly baselineBad: number;
  /** A baseline of the candidate's size, for rules that need one; its requests are not among those of `baseline`. */
  readonly twinBad: number;
}

/** Values of an arm by place in a common list of bins, which are those of the store's histograms from `lowest` on. */
export interface NumberCounts {
  readonly candidate: Int32Array;
  readonly baseline: Int32Array;
  readonly twin: Int32Array;
}

/** A rule that watches one rollout: it is told each minute, in order, and says when it would roll back. */
export type Watch<Minute> = (minute: Minute) => boolean;

/** A rule by its name; each rollout has a watch of its own. */
export interface Rule<Minute> {
  readonly name: string;
  readonly start: () => Watch<Minute>;
}

/** A watch that says yes at its first count of failed checks: they are never forgotten, as in Flagger. */
export const afterFailures = <Minute>(isFailed: (minute: Minute) => boolean, most: number): Watch<Minute> => {
  let failures = 0;
  return (minute) => {
    failures += isFailed(minute) ? 1 : 0;
    return failures >= most;
  };
};

/** A watch that looks every so many minutes only, and is told all minutes. */
export const every = <Minute>(minutes: number, watch: Watch<Minute>): Watch<Minute> => {
  let seen = 0;
  return (minute) => {
    seen += 1;
    const isRolledBack = watch(minute);
    return seen % minutes === 0 && isRolledBack;
  };
};
