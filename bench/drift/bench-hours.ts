import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { benchHourPeers } from "./bench-hour-peers.ts";
import type { HourEffects, HourSeries } from "./hours.ts";
import { hoursOf, weekHours } from "./hours.ts";
import { ourAlarmHours } from "./our-hours.ts";
import { threeSigma } from "./peers/three-sigma.ts";
import { figureOf } from "./rate-figure.ts";

/** A mean of 1,000 hours between false alarms of a series, and one false alarm a week over 2,000 series (test J). */
const thresholds = [1_000, 336_000] as const;
const manySeries = 2_000;
const fewSeries = 500;

const settings: readonly { readonly name: string; readonly effects: HourEffects; readonly series: number }[] = [
  { name: "iid", effects: { tau: 0, daily: 0 }, series: fewSeries },
  { name: "tau005", effects: { tau: 0.05, daily: 0 }, series: fewSeries },
  { name: "realistic", effects: { tau: 0.1, daily: 0.15 }, series: manySeries },
];

/** Hours of 1,000 requests whose means differ by hour: alarm hours a week while nothing changes, and hours to a shift. */
export const benchHours = (report: (text: string) => void): readonly Figure[] => {
  const figures: Figure[] = [];
  for (const { name, effects, series } of settings) {
    report(`drift: hours, ${name}, ${series} series`);
    figures.push(...nullFigures(name, effects, series), ...shiftFigures(name, effects));
  }
  const realistic = settings.at(-1);
  return realistic === undefined ? figures : [...figures, ...benchHourPeers(realistic.effects, report)];
};

const nullFigures = (name: string, effects: HourEffects, series: number): readonly Figure[] => {
  let [single, many, sigma] = [0, 0, 0];
  for (let run = 0; run < series; run += 1) {
    const hours = hoursOf(effects, 0, `hours ${name} ${run}`);
    const [atOne = [], atMany = []] = ourAlarmHours(hours, thresholds);
    single += atOne.length;
    many += atMany.length;
    sigma += hours.watched.filter(threeSigma(hours.history)).length;
  }
  const of = (what: string, value: number): Figure =>
    figureOf({ name: `drift.hours.${name}.${what}`, unit: "alarm hours/week", value, n: series });
  return [
    of("ours_1000.false_alarms", single / series),
    of("ours_2000_series.false_alarms", (many * manySeries) / series),
    of("three_sigma.false_alarms", sigma / series),
  ];
};

const shiftFigures = (name: string, effects: HourEffects): readonly Figure[] => {
  const runs = Array.from({ length: fewSeries }, (_, run) => hoursOf(effects, 0.2, `shift ${name} ${run}`));
  const ours = runs.map((hours) => ourAlarmHours(hours, thresholds));
  const sigma = runs.map((hours) => hoursUntil(hours, threeSigma(hours.history)));
  const delaysAt = (index: number): readonly number[] =>
    ours.map((alarms) => delayOf(alarms[index]?.find((hour) => hour >= weekHours)));
  return [
    ...delayFigures(`${name}.ours_1000`, delaysAt(0)),
    ...delayFigures(`${name}.ours_2000_series`, delaysAt(1)),
    ...delayFigures(`${name}.three_sigma`, sigma),
  ];
};

const hoursUntil = ({ watched }: HourSeries, isAlarm: (hour: HourSeries["watched"][number]) => boolean): number =>
  delayOf([...watched.keys()].slice(weekHours).find((place) => watched.slice(place, place + 1).some(isAlarm)));

/** Hours from the change to an alarm, the alarm's own among them. */
const delayOf = (alarmHour: number | undefined): number =>
  alarmHour === undefined ? Number.POSITIVE_INFINITY : alarmHour - weekHours + 1;

const delayFigures = (name: string, hours: readonly number[]): readonly Figure[] =>
  [0.5, 0.9].map((level) =>
    figureOf({
      name: `drift.hours.${name}.shift_02_p${level * 100}`,
      unit: "hours",
      value: quantile(hours, level),
      n: hours.length,
    }),
  );
