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
}

/** Stands between the name of a category and its value. */
const valueMark = "=";

/** Puts the values of each category together; everything else stays as it was measured. */
export const seenMinutes = (measured: readonly MeasuredMinute[]): readonly SeenMinute[] => {
  const seen = new Map<string, SeenMinute>();
  for (const minute of measured) {
    const [measure = "", value] = splitOnce(minute.measure);
    const isCategory = value !== undefined;
    const { tenant, route, variant, model, minuteMs } = minute;
    const key = JSON.stringify([tenant, route, variant, model, measure, minuteMs]);
    const before = seen.get(key);
    seen.set(key, {
      ...{ tenant, route, variant, model, measure, minuteMs, isCategory },
      n: (before?.n ?? 0) + minute.n,
      sum: isCategory ? 0 : minute.sum,
      values: isCategory ? { ...before?.values, [value]: minute.n } : Object.fromEntries(minute.bins),
    });
  }
  return [...seen.values()];
};

const splitOnce = (measure: string): readonly string[] => {
  const at = measure.indexOf(valueMark);
  return at === -1 ? [measure] : [measure.slice(0, at), measure.slice(at + 1)];
};

/** Names a series whatever the minute. */
export const seriesKey = ({ tenant, route, variant, model, measure }: MeasuredSeries): string =>
  JSON.stringify([tenant, route, variant, model, measure]);

/** Names a model on a route, whatever the measure. */
export const familyKey = ({ tenant, route, variant, model }: MeasuredSeries): string =>
  JSON.stringify([tenant, route, variant, model]);

/** Endings of a model's name that tell one version of it from another. */
const versionEnding = /[-@:_.](?:\d{4}-\d{2}-\d{2}|\d{3,8}|v\d+|latest|preview|exp)$/;

/** The name of a model without its version: `gpt-4-0613` and `gpt-4-0314` are of one family. */
const modelFamily = (model: string): string => {
  const shorter = model.toLowerCase().replace(versionEnding, "");
  return shorter === model.toLowerCase() ? shorter : modelFamily(shorter);
};

/** Names what may follow each other as versions of one thing: the same measure of one family on a route. */
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

/** The values of both. */
export const merged = (a: Values, b: Values): Values => {
  const sum: Record<string, number> = { ...a };
  for (const value in b) {
    sum[value] = (sum[value] ?? 0) + (b[value] ?? 0);
  }
  return sum;
};
