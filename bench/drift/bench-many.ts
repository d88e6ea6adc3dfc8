import type { MeasuredMinute } from "../../core/evidence.ts";
import { stepTogether } from "../../processors/detect-drift.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import { familyKey, seenMinutes, seriesKey } from "../../processors/drift-series.ts";
import type { DriftState } from "../../processors/drift-state.ts";
import { SeriesSlots } from "../../processors/series-slots.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { noiseFrom } from "./noise.ts";
import { figureOf } from "./rate-figure.ts";

const config = driftConfig.parse({});
const tenants = 2_500;
const measures = 40;
const minutes = 5;
/** Answers of the largest tenant in a minute; the others have its share by their rank. */
const mostAnswers = 1_000;
const name = "drift.cost.series_100k";

/**
 * 100,000 series in one minute, most of them with a handful of answers: what placing, gathering and testing them costs, and
 * how many are compared together for want of a place. Time is that of the thread; nothing is stored.
 */
export const benchMany = (): readonly Figure[] => {
  const slots = new SeriesSlots(config.mostModels);
  const states = new Map<string, DriftState>();
  const times: number[] = [];
  let [compared, merged] = [0, 0];
  for (let minute = 0; minute < minutes; minute += 1) {
    const measured = minuteOf(minute);
    const before = process.threadCpuUsage();
    const placed = slots.place(measured).measured;
    const groups = [...Map.groupBy(seenMinutes(placed), familyKey).values()];
    for (const group of groups) {
      const context = { config, families: groups.length, predecessor: null };
      const inputs = group.map((seen) => ({ before: states.get(seriesKey(seen)) ?? null, minute: seen, context }));
      for (const { state, evidence } of stepTogether(inputs)) {
        states.set(seriesKey(evidence), state);
      }
    }
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1e6);
    compared = groups.reduce((total, group) => total + group.length, 0);
    merged = placed.filter(({ tenant }) => tenant === "other").length;
  }
  const bytes = [...states.values()].reduce((total, state) => total + JSON.stringify(state).length, 0);
  const n = tenants * measures;
  return [
    figureOf({ name: `${name}.minute`, unit: "s", value: quantile(times, 0.5), n: minutes }),
    figureOf({ name: `${name}.minute_max`, unit: "s", value: Math.max(...times), n: minutes }),
    figureOf({ name: `${name}.compared`, unit: "series", value: compared, n }),
    figureOf({ name: `${name}.merged`, unit: "series", value: merged, n }),
    figureOf({ name: `${name}.states`, unit: "MB", value: bytes / 1e6, n: states.size }),
  ];
};

const minuteOf = (minute: number): readonly MeasuredMinute[] => {
  const { normal } = noiseFrom(`many ${minute}`);
  return Array.from({ length: tenants * measures }, (_, index): MeasuredMinute => {
    const tenant = Math.floor(index / measures);
    const bins = new Map<number, number>();
    const n = Math.ceil(mostAnswers / (tenant + 1));
    for (let answer = 0; answer < n; answer += 1) {
      const bin = binOf(Math.exp(5 + 0.9 * normal()));
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
    const strata = [...bins].map(([bin, count]) => ({ stratum: Math.abs(bin) % 12, bin: bin - (bin % 4), count }));
    return {
      ...{ tenant: `t${tenant}`, route: "chat", variant: "up", model: "gpt-4", prompt: "" },
      ...{ measure: `answer_m${index % measures}@1`, minuteMs: minute * 60_000, n, sum: n, bins, strata },
    };
  });
};
