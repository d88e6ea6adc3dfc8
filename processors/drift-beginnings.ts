import { logSumExp } from "../stats/special/log-sum-exp.ts";
import type { Compared } from "./drift-pools.ts";
import { kindOf } from "./drift-pools.ts";

/** Weight of the evidence since the beginning; the rest is spread over later beginnings, as the baseline is used. */
const weightOfStart = { version: 0.9, own: 0.5 } as const;

/** ln of the weight of the evidence since the beginning. */
export const logStart = (compared: Pick<Compared, "isOfVersion">): number => Math.log(weightOfStart[kindOf(compared)]);

/** ln of the weight of evidence that begins when a share of the baseline is used; all shares together are at most 1, and so are all weights. */
export const logFresh = (compared: Pick<Compared, "isOfVersion">, share: number): number =>
  Math.log((1 - weightOfStart[kindOf(compared)]) * share);

/** Logarithms of evidence with the weight of one more beginning; null and -Infinity stand for none. */
export const begunAgain = (logs: readonly number[], fresh: number | null): readonly number[] =>
  fresh === null || fresh === Number.NEGATIVE_INFINITY ? logs : logs.map((log) => logSumExp([log, fresh]));
