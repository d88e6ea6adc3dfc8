import type { ArmTally } from "../../core/arms.ts";
import type { Random } from "../../core/random.ts";

/** A user who makes calls in bursts, and whose calls fail together. */
interface User {
  readonly callsAMinute: number;
  readonly errorRate: number;
  readonly isCandidate: boolean;
  isSeen: boolean;
  isBad: boolean;
}

/** What came of both arms in a minute, by calls and by users. */
export interface StickyMinute {
  readonly calls: readonly ArmTally[];
  readonly users: readonly ArmTally[];
}

/**
 * Users of whom a few make most of the calls (Pareto, exponent 1.1), and of whom one in ten asks for what fails half the time,
 * whichever target answers. Each keeps its arm. `harm` multiplies what fails with the candidate.
 */
export const stickyUsers = (args: {
  readonly random: Random;
  readonly users: number;
  readonly share: number;
  readonly harm?: number;
}): (() => StickyMinute) => {
  const { random, share, harm = 1 } = args;
  const users = Array.from({ length: args.users }, (): User => {
    const isCandidate = random.uniform() < share;
    const usual = random.uniform() < 0.1 ? 0.5 : 0.005;
    return {
      callsAMinute: Math.min(30, 0.02 / (1 - random.uniform()) ** (1 / 1.1)),
      errorRate: Math.min(1, usual * (isCandidate ? harm : 1)),
      isCandidate,
      isSeen: false,
      isBad: false,
    };
  });
  return () => {
    const arms = { stable: counts(), new: counts() };
    for (const user of users) {
      addMinute(user, arms[user.isCandidate ? "new" : "stable"], random);
    }
    const tallies = Object.entries(arms);
    return {
      calls: tallies.map(([variant, { calls, errors }]) => tally({ variant, n: calls, bad: errors, begun: calls })),
      users: tallies.map(([variant, { users: n, badUsers: bad }]) => tally({ variant, n, bad, begun: n })),
    };
  };
};

const counts = (): { calls: number; errors: number; users: number; badUsers: number } => ({
  calls: 0,
  errors: 0,
  users: 0,
  badUsers: 0,
});

const addMinute = (user: User, arm: ReturnType<typeof counts>, random: Random): void => {
  const { callsAMinute } = user;
  const calls = Math.floor(callsAMinute) + (random.uniform() < callsAMinute % 1 ? 1 : 0);
  let errors = 0;
  for (let call = 0; call < calls; call += 1) errors += random.uniform() < user.errorRate ? 1 : 0;
  arm.calls += calls;
  arm.errors += errors;
  arm.users += calls > 0 && !user.isSeen ? 1 : 0;
  arm.badUsers += errors > 0 && !user.isBad ? 1 : 0;
  user.isSeen ||= calls > 0;
  user.isBad ||= errors > 0;
};

const tally = (seen: {
  readonly variant: string;
  readonly n: number;
  readonly bad: number;
  readonly begun: number;
}): ArmTally => ({
  ...{ route: "chat", variant: seen.variant, calls: seen.n, answers: seen.n - seen.bad, errors: seen.bad },
  ...{ rateLimited: 0, fallbacks: 0, started: seen.begun, measured: 0, refusals: 0, malformed: 0 },
  ...{ rated: 0, badRated: 0 },
  ttftMs: new Map(),
  durationMs: new Map(),
  outputTokens: new Map(),
  answerCostNanos: new Map(),
  otherCostNanos: new Map(),
});
