import type { ArmTally, Bins } from "../../core/arms.ts";
import type { Histogram } from "../../stats/histogram/histogram.ts";
import { histogramOf } from "../../stats/histogram/histogram.ts";

/** Times that a caller waits for, in milliseconds: to the first token where calls are streamed, else for the whole answer. */
export const latencyOf = ({ ttftMs, durationMs }: ArmTally): Histogram =>
  histogramOf(sizeOf(ttftMs) > 0 ? ttftMs : durationMs);

/** Calls that a target failed or refused for its own reasons. */
export const failedOf = ({ errors, rateLimited }: ArmTally): number => errors + rateLimited;

const sizeOf = (bins: Bins): number => [...bins.values()].reduce((sum, count) => sum + count, 0);
