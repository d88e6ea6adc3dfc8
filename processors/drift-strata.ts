import { strata } from "../core/measures.ts";
import { pearsonTest } from "../stats/distance/pearson-test.ts";
import { binValue } from "../stats/histogram/bin.ts";
import type { Values } from "./drift-series.ts";
import { countOf, merged, stratumMark } from "./drift-series.ts";

/** Values that are told apart by stratum, as those of each stratum. */
export const byStratum = (stratified: Values): ReadonlyMap<string, Values> => {
  const found = new Map<string, Record<string, number>>();
  for (const name in stratified) {
    const at = name.indexOf(stratumMark);
    const stratum = name.slice(0, at);
    const values = found.get(stratum) ?? {};
    found.set(stratum, values);
    values[name.slice(at + 1)] = stratified[name] ?? 0;
  }
  return found;
};

/** The name of a value among those of all strata. */
export const nameInStratum = (stratum: string, value: string): string => `${stratum}${stratumMark}${value}`;

/** How many values each stratum has, by its place. */
export const sizesOf = (stratified: Values): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  for (const name in stratified) {
    const stratum = name.slice(0, name.indexOf(stratumMark));
    sizes.set(stratum, (sizes.get(stratum) ?? 0) + (stratified[name] ?? 0));
  }
  return sizes;
};

/** The same by its name. */
export const mixOf = (stratified: Values): Values =>
  Object.fromEntries([...sizesOf(stratified)].map(([stratum, size]) => [strata[Number(stratum)] ?? stratum, size]));

/** Strata with fewer values on both sides together are one cell of the test of the mix. */
const leastOfCell = 20;
/** Level at which the mix counts as moved, look by look: then answers are held against those to the same inputs. */
const movedLevel = 0.01;

/** Whether the inputs of two sides are of different strata by more than chance (Pearson's chi-square of one look). */
export const isMixMoved = (before: Values, now: Values): boolean => {
  const [a, b] = [mixOf(before), mixOf(now)];
  const both = merged(a, b);
  const names = Object.keys(both);
  const isCell = (name: string): boolean => (both[name] ?? 0) >= leastOfCell;
  const cells = (mix: Values): readonly number[] => {
    const rare = names.filter((name) => !isCell(name)).reduce((sum, name) => sum + (mix[name] ?? 0), 0);
    return [...names.filter(isCell).map((name) => mix[name] ?? 0), rare];
  };
  const [reference, current] = [cells(a), cells(b)];
  const some = reference.map((count, cell) => count + (current[cell] ?? 0) > 0);
  const counts = {
    reference: reference.filter((_, cell) => some[cell]),
    current: current.filter((_, cell) => some[cell]),
  };
  const isKnown = countOf(a) > 0 && countOf(b) > 0;
  return isKnown && pearsonTest(counts).pValue < movedLevel;
};

/** Values of both sides in strata that both have, the reference's weighted to the mix of what came. */
export interface MatchedSides {
  readonly against: { readonly values: Values; readonly sum: number };
  readonly seen: Values;
  readonly seenSum: number;
}

/**
 * Post-stratification (Holt and Smith, Journal of the Royal Statistical Society A 1979): a value of the reference counts by
 * how much more often its stratum came than it is in the reference; strata that only one side has are left out. All weights
 * together are the number of values of the reference that are compared.
 */
export const matchedSides = (before: Values, now: Values, isCategory: boolean): MatchedSides => {
  const [sizesBefore, sizesNow] = [sizesOf(before), sizesOf(now)];
  const shared = [...sizesNow.keys()].filter((stratum) => sizesBefore.has(stratum));
  const scale = totalOf(sizesBefore, shared) / totalOf(sizesNow, shared);
  const weights = new Map(
    shared.map((stratum) => [stratum, (scale * (sizesNow.get(stratum) ?? 0)) / (sizesBefore.get(stratum) ?? 0)]),
  );
  const [values, seen] = [weighted(before, (stratum) => weights.get(stratum) ?? 0), weighted(now, isIn(weights))];
  const sum = (side: Values): number => (isCategory ? 0 : sumOf(side));
  return { against: { values, sum: sum(values) }, seen, seenSum: sum(seen) };
};

const totalOf = (sizes: ReadonlyMap<string, number>, strataOf: readonly string[]): number =>
  strataOf.reduce((sum, stratum) => sum + (sizes.get(stratum) ?? 0), 0);

const isIn =
  (weights: ReadonlyMap<string, number>) =>
  (stratum: string): number =>
    weights.has(stratum) ? 1 : 0;

const weighted = (stratified: Values, weightOf: (stratum: string) => number): Values => {
  const values: Record<string, number> = {};
  for (const name in stratified) {
    const at = name.indexOf(stratumMark);
    const weight = weightOf(name.slice(0, at));
    const value = name.slice(at + 1);
    if (weight > 0) {
      values[value] = (values[value] ?? 0) + weight * (stratified[name] ?? 0);
    }
  }
  return values;
};

/** Off by up to 4%, as the bins of strata are. */
const sumOf = (values: Values): number =>
  Object.entries(values).reduce((sum, [bin, count]) => sum + count * binValue(Number(bin)), 0);
