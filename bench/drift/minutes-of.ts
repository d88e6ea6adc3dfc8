import type { MeasuredMinute } from "../../core/evidence.ts";
import type { SeenMinute } from "../../processors/drift-series.ts";
import { seenMinutes } from "../../processors/drift-series.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import type { Output } from "./read-outputs.ts";

const minuteMs = 60_000;

/** What the detector sees of a minute in which a model gave these outputs: one minute for each series, as the store reads them. */
export const seenOf = (outputs: readonly Output[], minute: number, model: string): readonly SeenMinute[] => {
  const byMeasure = new Map<string, { n: number; sum: number; bins: Map<number, number> }>();
  for (const output of outputs) {
    for (const [measure, value] of Object.entries(output)) {
      const seen = byMeasure.get(measure) ?? { n: 0, sum: 0, bins: new Map<number, number>() };
      const bin = binOf(value);
      seen.n += 1;
      seen.sum += value;
      seen.bins.set(bin, (seen.bins.get(bin) ?? 0) + 1);
      byMeasure.set(measure, seen);
    }
  }
  const measured: readonly MeasuredMinute[] = [...byMeasure].map(([measure, { n, sum, bins }]) => ({
    ...{ tenant: "acme", route: "chat", variant: "bench", model, measure, prompt: "" },
    ...{ minuteMs: minute * minuteMs, n, sum, bins },
  }));
  return seenMinutes(measured);
};
