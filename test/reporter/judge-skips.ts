/** A test that did not run. */
export interface Skip {
  /** `file > suite > test`, with the file relative to the repository. */
  readonly test: string;
  /** What was given to `context.skip`; empty when nothing was. */
  readonly reason: string;
}

/** A skip that continuous integration accepts, with the reason why it must. */
export interface AllowedSkip {
  readonly test: string;
  readonly reason: string;
}

/** What a run says about its skips, and whether they make it fail. */
export interface SkipVerdict {
  readonly lines: readonly string[];
  readonly isFailure: boolean;
}

/**
 * Names every skip with its reason. A skip without a reason fails any run; in continuous integration a skip that is not
 * in the allowed list fails too, and so does an allowed test that has come to an end (`known` holds every test collected).
 */
export const judgeSkips = (args: {
  readonly skips: readonly Skip[];
  readonly allowed: readonly AllowedSkip[];
  readonly known: ReadonlySet<string>;
  readonly isCi: boolean;
}): SkipVerdict => {
  const allowed = new Set(args.allowed.map((entry) => entry.test));
  const lines: string[] = [];
  let isFailure = false;
  for (const { test, reason } of args.skips) {
    const isRefused = reason === "" || (args.isCi && !allowed.has(test));
    isFailure ||= isRefused;
    lines.push(`${isRefused ? "skip refused" : "skipped"}: ${test}: ${reason === "" ? "no reason given" : reason}`);
  }
  for (const { test } of args.isCi ? args.allowed : []) {
    if (isStale(test, args.known)) {
      isFailure = true;
      lines.push(`allowed skip of a test that no longer exists: ${test}`);
    }
  }
  return { lines, isFailure };
};

/** Only files of this run can tell: a run of one folder says nothing about the others. */
const isStale = (test: string, known: ReadonlySet<string>): boolean => {
  const file = `${test.split(" > ")[0]} > `;
  return !known.has(test) && [...known].some((name) => name.startsWith(file));
};
