import { binOf, zeroBin } from "../stats/histogram/bin.ts";
import { histogramQuantile } from "../stats/histogram/histogram-quantile.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { binned, countOf } from "./drift-series.ts";
import type { Baseline } from "./drift-state.ts";

/** How a series differs from what it is held against. */
export interface Change {
  /** In words, with both sizes. */
  readonly says: string;
  /** Whether it is large enough that somebody should know, however sure it is. */
  readonly isLarge: boolean;
}

/** Change of a median or mean, as a share of what it was, that counts as large. */
const largeShift = 0.1;
/** Ratio of two shares that counts as large, or a difference of shares. */
const largeRatio = 1.25;
const largeDifference = 0.05;

/** What it is held against: values, and where they come from in words. */
type ComparedBaseline = Omit<Baseline, "strata">;

/** Tells how what came since differs from the baseline. */
export const changeOf = (args: {
  readonly minute: SeenMinute;
  readonly against: ComparedBaseline;
  readonly seen: Values;
  readonly seenSum: number;
}): Change => {
  const { minute, against, seen } = args;
  const [now, before] = [countOf(seen), Math.round(countOf(against.values))];
  const sizes = `${now} answers against ${before} (${against.from})`;
  if (now === 0 || before === 0) {
    return { says: `${nameOf(minute.measure)} has nothing to be held against; ${sizes}`, isLarge: false };
  }
  const change = minute.isCategory
    ? categoryChange(args)
    : isFlag(against.values, seen)
      ? flagChange(args)
      : numberChange(args);
  return { says: `${nameOf(minute.measure)} ${change.says}; ${sizes}`, isLarge: change.isLarge };
};

interface Sides {
  readonly against: ComparedBaseline;
  readonly seen: Values;
  readonly seenSum: number;
}

/** Without its version: `answer_tokens@1` is called `answer tokens`. */
const nameOf = (measure: string): string => measure.replace(/@\d+$/, "").replaceAll("_", " ");

const flagBins: ReadonlySet<string> = new Set([zeroBin, binOf(1)].map(String));

/** Whether there is nothing but the values 0 and 1. */
export const isFlag = (...sides: readonly Values[]): boolean =>
  sides.every((values) => Object.keys(values).every((bin) => flagBins.has(bin)));

interface ComparedShares {
  readonly against: Pick<Baseline, "values">;
  readonly seen: Values;
}

const flagChange = ({ against, seen }: Sides): Change => shareChange(shareOf(against.values, "0"), shareOf(seen, "0"));

/** Tells how the shares of categories differ, by the one that differs most. */
export const categoryChange = ({ against, seen }: ComparedShares): Change => {
  const categories = new Set([...Object.keys(against.values), ...Object.keys(seen)]);
  const by = [...categories].map((category) => {
    const [before, now] = [shareOf(against.values, category), shareOf(seen, category)];
    return { category, before, now, difference: Math.abs(now - before) };
  });
  const most = by.sort((a, b) => b.difference - a.difference)[0];
  if (most === undefined) {
    return { says: "has no values", isLarge: false };
  }
  const { says, isLarge } = shareChange(most.before, most.now);
  return { says: `"${most.category}" ${says}`, isLarge };
};

const shareChange = (before: number, now: number): Change => {
  const [low, high] = [Math.min(before, now), Math.max(before, now)];
  return {
    says: moved(before, now, percent),
    isLarge: high - low >= largeDifference || (high > 0 && high >= low * largeRatio),
  };
};

const numberChange = ({ against, seen, seenSum }: Sides): Change => {
  const [before, now] = [medianOf(against.values), medianOf(seen)];
  const [meanBefore, meanNow] = [against.sum / countOf(against.values), seenSum / countOf(seen)];
  return {
    says: `median ${moved(before, now, rounded)}, mean ${moved(meanBefore, meanNow, rounded)}`,
    isLarge: isShifted(before, now) || isShifted(meanBefore, meanNow),
  };
};

const isShifted = (before: number, now: number): boolean => Math.abs(now - before) > largeShift * Math.abs(before);

const moved = (before: number, now: number, format: (value: number) => string): string => {
  const [from, to] = [format(before), format(now)];
  return from === to ? `stayed at ${to}` : `${now > before ? "rose" : "fell"} from ${from} to ${to}`;
};

const shareOf = (values: Values, value: string): number => (values[value] ?? 0) / (countOf(values) || 1);

/** Weighted values are parts of answers: so many parts of one are counted to find their median. */
const partsOfAnswer = 1_000;

/** Off by less than 1%. */
const medianOf = (values: Values): number => histogramQuantile(binned(wholeCounts(values)), 0.5) ?? 0;

const wholeCounts = (values: Values): Values =>
  Object.values(values).every(Number.isInteger)
    ? values
    : Object.fromEntries(Object.entries(values).map(([bin, count]) => [bin, Math.round(count * partsOfAnswer)]));

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

const rounded = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Tells how far the wording of answers is from the baseline's. */
export const embeddingChange = (args: {
  readonly measure: string;
  /** In units of how far an answer lies from the mean of all. */
  readonly distance: number;
  readonly current: number;
  readonly baseline: number;
  /** Where the baseline comes from, in words. */
  readonly from: string;
}): string =>
  `answer embedding${embedderOf(args.measure)} moved by ${args.distance.toFixed(2)} of its spread; ${args.current} answers against ${args.baseline} (${args.from})`;

/** The model that embedded, where it was not the embedding of our own. */
const embedderOf = (measure: string): string => {
  const [, model] = /^answer_embedding:(.+)~[0-9a-f]{8}@\d+$/.exec(measure) ?? [];
  return model === undefined ? "" : ` by ${model}`;
};
