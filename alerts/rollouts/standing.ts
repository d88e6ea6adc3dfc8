import type { Rollout } from "./rollout.ts";
import { lacksEvals } from "./wish-of.ts";

/** What those are told who shift the traffic of a rollout, or wait for it, with the reason in words. */
export interface Standing {
  /** `pass` is about the stage it is in; `continue` means that nothing is decided. */
  readonly verdict: "pass" | "continue" | "fail" | "invalid";
  readonly reason: string;
}

/** Where a rollout stands for those who act on it: its end, or what the last look at its stage has shown. */
export const standingOf = (rollout: Rollout): Standing => ({ verdict: verdictOf(rollout), reason: rollout.says });

const verdictOf = (rollout: Rollout): Standing["verdict"] => {
  switch (rollout.status) {
    case "rolled_back":
    case "aborted":
      return "fail";
    case "invalid":
      return "invalid";
    case "promoted":
      return "pass";
    case "running":
    case "held":
      return underWay(rollout);
  }
};

const underWay = (rollout: Rollout): Standing["verdict"] => {
  switch (rollout.verdict) {
    case "hold":
    case "continue":
      return "continue";
    case "pass":
      return lacksEvals(rollout) ? "continue" : "pass";
    case "fail":
    case "invalid":
      return rollout.verdict;
  }
};
