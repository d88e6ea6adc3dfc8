import type { MeasuredMinute, MeasuredSeries } from "../core/evidence.ts";
import type { Histogram } from "../stats/histogram/histogram.ts";
import { histogramOf } from "../stats/histogram/histogram.ts";

/** Numbers of values: by bin where the measure is a number or a flag, by name where it is a category. */
export type Values = Readonly<Record<string, number>>;

/** What was seen of a series in one minute, a category as one series with all its values. */
export interface SeenMinute extends MeasuredSeries {
  readonly minuteMs: number;
  readonly isCategory: boolean;
  readonly n: number;
  /** Sum of the values; of a category 0. */
  readonly sum: number;
  readonly values: Values;
  /** The same by stratum of the input, as far as inputs were measured. */
  readonly strata: Values;
}

/** Stands between the place of a stratum and a value in it, in names of values that are told apart by stratum. */
export const stratumMark = ":";

/** Stands between the name of a category and its value. */
const valueMark = "=";

/** Puts the values of each category together, and whatever else is of one series. */
export const seenMinutes = (measured: readonly MeasuredMinute[]): readonly SeenMinute[] => {
  const seen = new Map<string, Gathered>();
  for (const minute of measured) {
    const [measure = "", value] = splitOnce(minute.measure);
    const { tenant, route, variant, model, prompt, minuteMs, n, sum } = minute;
    const key = JSON.stringify([tenant, route, variant, model, prompt, measure, minuteMs]);
    const isCategory = value !== undefined;
    const gathered = seen.get(key) ?? {
      ...{ tenant, route, variant, model, measure, prompt, minuteMs, isCategory },
      ...{ n: 0, sum: 0, values: {}, strata: {} },
    };
    seen.set(key, gathered);
    gathered.n += n;
    gathered.sum += isCategory ? 0 : sum;
    for (const [bin, count] of isCategory ? [[value, n] as const] : minute.bins) {
      addTo(gathered.values, String(bin), count);
    }
    // Of a category every value in a bin is the one of its name.
    for (const { stratum, bin, count } of minute.strata ?? []) {
      addTo(gathered.strata, `${stratum}${stratumMark}${value ?? bin}`, count);
    }
  }
  return [...seen.values()];
};

/** Many series may become one, and none of their values is copied for it. */
interface Gathered extends SeenMinute {
  n: number;
  sum: number;
  readonly values: Record<string, number>;
  readonly strata: Record<string, number>;
}

const addTo = (counts: Record<string, number>, name: string, count: number): void => {
  counts[name] = (counts[name] ?? 0) + count;
};

const splitOnce = (measure: string): readonly string[] => {
  const at = measure.indexOf(valueMark);
  return at === -1 ? [measure] : [measure.slice(0, at), measure.slice(at + 1)];
};

/** Names a series whatever the minute. */
export const seriesKey = ({ measure, ...of }: MeasuredSeries): string => JSON.stringify([...familyOf(of), measure]);

/** Names a model on a route with a version of its prompt, whatever the measure. */
export const familyKey = (series: Omit<MeasuredSeries, "measure">): string => JSON.stringify(familyOf(series));

const familyOf = ({ tenant, route, variant, model, prompt }: Omit<MeasuredSeries, "measure">): readonly string[] =>
  prompt === "" ? [tenant, route, variant, model] : [tenant, route, variant, model, prompt];

/** Endings of a model's name that tell one version of it from another. */
const versionEnding = /[-@:_.](?:\d{4}-\d{2}-\d{2}|\d{3,8}|v\d+|latest|preview|exp)$/;

/** The name of a model without its version: `gpt-4-0613` and `gpt-4-0314` are of one family. */
const modelFamily = (model: string): string => {
  const shorter = model.toLowerCase().replace(versionEnding, "");
  return shorter === model.toLowerCase() ? shorter : modelFamily(shorter);
};

/** Names what may follow each other as versions of one thing: the same measure of one family on a route, whatever the prompt. */
export const lineageKey = ({ tenant, route, model, measure }: MeasuredSeries): string =>
  JSON.stringify([tenant, route, modelFamily(model), measure]);

/** How many values there are. */
export const countOf = (values: Values): number => {
  let total = 0;
  for (const value in values) {
    total += values[value] ?? 0;
  }
  return total;
};

/** Numbers in the bins in which they are counted. */
export const binned = (values: Values): Histogram =>
  histogramOf(Object.entries(values).map(([bin, count]) => [Number(bin), count]));

/** The values of all. */
export const together = (sides: Iterable<Values>): Values => {
  const sum: Record<string, number> = {};
  for (const values of sides) {
    for (const value in values) {
      sum[value] = (sum[value] ?? 0) + (values[value] ?? 0);
    }
  }
  return sum;
};

/** The values of both. */
export const merged = (a: Values, b: Values): Values => together([a, b]);
