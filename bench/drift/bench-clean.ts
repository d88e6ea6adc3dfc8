import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import type { Draw } from "./clean-runs.ts";
import { runChanged, runNull } from "./clean-runs.ts";
import { ourFlagStream, ourNumberStream } from "./our-stream.ts";
import { Adwin } from "./peers/adwin.ts";
import { Kswin } from "./peers/kswin.ts";
import { PageHinkley } from "./peers/page-hinkley.ts";
import type { StreamDetector } from "./peers/stream-detector.ts";
import { figureOf } from "./rate-figure.ts";

interface Contender {
  readonly name: string;
  readonly make: (run: number) => StreamDetector;
  /** Runs in which nothing changes; 0 where that is not measured. */
  readonly nulls: number;
  /** Values after which a run without an alarm ends. */
  readonly censored: number;
  /** Runs of a change; with 500 the median of a rate that trebles has a standard error of 7 requests, with 2,000 of 3.5. */
  readonly changes: number;
}

const weekOfRequests = 168_000;
const threshold = 50_000;
const runs = 2_000;
const changedRuns = 500;
/** Half a million requests each. */
const flagNulls = 400;
const warmUp = 3_000;
const longest = 20_000;

const adwin =
  (delta: number): (() => StreamDetector) =>
  () =>
    new Adwin({ delta });
const kswin = (alpha: number) => (run: number) => new Kswin({ alpha, seed: `kswin ${run}` });
const hinkley =
  (limit: number): (() => StreamDetector) =>
  () =>
    new PageHinkley({ threshold: limit });

const numbers: readonly Contender[] = [
  { name: "ours_50000", make: ourNumberStream(threshold), nulls: runs, censored: 3 * threshold, changes: changedRuns },
  { name: "adwin_002", make: adwin(0.002), nulls: runs, censored: longest, changes: changedRuns },
  { name: "adwin_05", make: adwin(0.05), nulls: runs, censored: longest, changes: changedRuns },
  { name: "kswin_005", make: kswin(0.005), nulls: runs, censored: 4_000, changes: changedRuns },
  { name: "page_hinkley_50", make: hinkley(50), nulls: runs, censored: longest, changes: changedRuns },
  { name: "page_hinkley_100", make: hinkley(100), nulls: runs, censored: longest, changes: changedRuns },
];

const rate = 0.02;
const flags: readonly Contender[] = [
  {
    ...{ name: "ours_168000", make: ourFlagStream(rate, weekOfRequests) },
    ...{ nulls: flagNulls, censored: 3 * weekOfRequests, changes: runs },
  },
  { name: "adwin_002", make: adwin(0.002), nulls: 0, censored: longest, changes: changedRuns },
  { name: "page_hinkley_50", make: hinkley(50), nulls: 0, censored: longest, changes: changedRuns },
];

const normal: Draw = (noise) => noise.normal();
const shifted: Draw = (noise) => noise.normal() + 0.2;
const flag =
  (share: number): Draw =>
  (noise) =>
    noise.uniform() < share ? 1 : 0;

/** Streams without hours or estimates: false alarms, and how soon a shift of 0.2 deviations and a higher rate are found. */
export const benchClean = (report: (text: string) => void): readonly Figure[] => {
  const figures: Figure[] = [];
  for (const contender of numbers) {
    report(`drift: clean numbers, ${contender.name}`);
    figures.push(
      ...falseAlarms(contender, normal),
      ...delays(`${contender.name}.shift_02`, contender, [normal, shifted]),
    );
  }
  for (const contender of flags) {
    report(`drift: clean flags, ${contender.name}`);
    figures.push(
      ...(contender.nulls > 0 ? falseAlarms({ ...contender, name: `${contender.name}.rate_002` }, flag(rate)) : []),
    );
    for (const changed of [0.03, 0.04, 0.06]) {
      const name = `${contender.name}.rate_002_${String(changed).replace(".", "")}`;
      figures.push(...delays(name, contender, [flag(rate), flag(changed)]));
    }
  }
  return figures;
};

const falseAlarms = ({ name, make, nulls, censored }: Contender, draw: Draw): readonly Figure[] => {
  const { alarms, values } = runNull({ make, draw, runs: nulls, length: censored });
  const perWeek = (alarms * weekOfRequests) / values;
  return [
    figureOf({ name: `drift.clean.${name}.false_alarms`, unit: "alarms/168k", value: perWeek, n: nulls }),
    figureOf({
      name: `drift.clean.${name}.arl`,
      unit: "requests/alarm",
      value: values / Math.max(alarms, 1),
      n: nulls,
    }),
  ];
};

const delays = (
  name: string,
  { make, changes }: Contender,
  [before, after]: readonly [Draw, Draw],
): readonly Figure[] => {
  const found = runChanged({ make, before, after, warmUp, runs: changes, length: longest });
  return [
    figureOf({ name: `drift.clean.${name}.delay_p50`, unit: "requests", value: quantile(found, 0.5), n: changes }),
    figureOf({ name: `drift.clean.${name}.delay_p90`, unit: "requests", value: quantile(found, 0.9), n: changes }),
  ];
};
