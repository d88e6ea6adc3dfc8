import type { Figure } from "../figure.ts";
import type { HourEffects } from "./hours.ts";
import { hoursOf, requestsOf } from "./hours.ts";
import { Adwin } from "./peers/adwin.ts";
import { Kswin } from "./peers/kswin.ts";
import { PageHinkley } from "./peers/page-hinkley.ts";
import type { StreamDetector } from "./peers/stream-detector.ts";
import type { CompareWindows } from "./peers/windows.ts";
import { windowPeers } from "./peers/windows.ts";
import { figureOf } from "./rate-figure.ts";

const windowSeries = 50;
/** Requests of each hour of the history that make the reference. */
const sampledPerHour = 6;

/** KSWIN sorts 60 values for each that comes. */
const streams: readonly { readonly name: string; readonly make: () => StreamDetector; readonly series: number }[] = [
  { name: "adwin_002", make: () => new Adwin({ delta: 0.002 }), series: 50 },
  { name: "page_hinkley_100", make: () => new PageHinkley({ threshold: 100 }), series: 50 },
  { name: "kswin_005", make: () => new Kswin({ alpha: 0.005, seed: "hours" }), series: 10 },
];

/** Hours of a week in which others alarm on realistic hours, each hour of 1,000 requests being a window. */
export const benchHourPeers = (effects: HourEffects, report: (text: string) => void): readonly Figure[] => {
  report("drift: hours, windows of others");
  const alarms = new Map<string, number>();
  for (let run = 0; run < windowSeries; run += 1) {
    countWindows(effects, `windows ${run}`, alarms);
  }
  const windows = Object.keys(windowPeers).map((name) => figure(name, alarms.get(name) ?? 0, windowSeries));
  return [
    ...windows,
    ...streams.map(({ name, make, series }) => {
      report(`drift: hours, ${name}`);
      return figure(name, countStream(effects, make, series), series);
    }),
  ];
};

const figure = (name: string, alarms: number, series: number): Figure =>
  figureOf({
    ...{ name: `drift.hours.realistic.${name}.false_alarms`, unit: "alarm hours/week" },
    ...{ value: alarms / series, n: series },
  });

const countWindows = (effects: HourEffects, seed: string, alarms: Map<string, number>): void => {
  const { history, watched, noise } = hoursOf(effects, 0, seed);
  const reference = Float64Array.from(history.flatMap((hour) => [...requestsOf(hour, noise, sampledPerHour)])).sort();
  const peers: readonly (readonly [string, CompareWindows])[] = Object.entries(windowPeers);
  for (const hour of watched) {
    const current = requestsOf(hour, noise).sort();
    for (const [name, isAlarm] of peers) {
      alarms.set(name, (alarms.get(name) ?? 0) + (isAlarm(reference, current) ? 1 : 0));
    }
  }
};

/** Hours with an alarm; the last day of the history warms the detector up. */
const countStream = (effects: HourEffects, make: () => StreamDetector, series: number): number => {
  let alarmHours = 0;
  for (let run = 0; run < series; run += 1) {
    const { history, watched, noise } = hoursOf(effects, 0, `stream ${run}`);
    const detector = make();
    for (const hour of history.slice(-24)) {
      for (const value of requestsOf(hour, noise)) {
        detector.add(value);
      }
    }
    for (const hour of watched) {
      const isAlarm = requestsOf(hour, noise).reduce((any, value) => detector.add(value) || any, false);
      alarmHours += isAlarm ? 1 : 0;
    }
  }
  return alarmHours;
};
