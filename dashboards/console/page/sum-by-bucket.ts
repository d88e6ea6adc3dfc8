import type { StatPanel } from "../../panel.ts";
import type { Row } from "./frame.ts";
import { toNumber } from "./numbers.ts";
import type { TimeWindow } from "./ranges.ts";
import { toTimeMs } from "./timestamps.ts";

/** Where the small line behind a number comes from. */
export type Trend = NonNullable<StatPanel["trend"]>;

/** Adds a column up by bucket, over all series; a bucket without rows is 0. */
export const sumByBucket = (rows: readonly Row[], trend: Trend, window: TimeWindow): readonly number[] => {
  const stepMs = window.stepSeconds * 1000;
  const first = Math.floor(window.fromMs / stepMs) * stepMs;
  const sums = new Array<number>(Math.max(1, Math.ceil((window.toMs - first) / stepMs))).fill(0);
  for (const row of rows) {
    const time = toTimeMs(row[trend.time]);
    const index = time === null ? -1 : Math.floor((time - first) / stepMs);
    if (index >= 0 && index < sums.length) sums[index] = (sums[index] ?? 0) + (toNumber(row[trend.column]) ?? 0);
  }
  return sums;
};
