import { bernoulliInterval } from "../../stats/bounds/bernoulli-interval.ts";
import type { Threshold } from "./condition-schema.ts";

/** Whether a value is on the side of a limit that an operator names. */
export const isBeyond = (value: number, op: Threshold["op"], limit: number): boolean => {
  switch (op) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
  }
};

/** The one of two values that is farther on the side that an operator names. */
export const isWorse = (value: number, than: number, op: Threshold["op"]): boolean =>
  op === ">" || op === ">=" ? value > than : value < than;

/** Some of all. */
export interface Share {
  readonly some: number;
  readonly all: number;
}

/** Confidence of a share's bounds, and the number of calls at which they are tightest. */
const alpha = 0.05;
const optimalTrials = 100;

/** The confidence bound of a share that is on the near side of a limit: what is beyond it is so beyond chance. */
export const nearBound = ({ some, all }: Share, op: Threshold["op"]): number => {
  const successes = Math.min(Math.round(some), Math.round(all));
  const { low, high } = bernoulliInterval({ successes, trials: Math.round(all), alpha, optimalTrials });
  return op === ">" || op === ">=" ? low : high;
};
