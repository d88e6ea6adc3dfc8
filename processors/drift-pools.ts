import { drawValues } from "./drift-draw.ts";
import type { Values } from "./drift-series.ts";
import { countOf } from "./drift-series.ts";

/**
 * So many values of the baseline stand at first against each value that comes; the fewer, the longer it lasts. `pass` is the
 * number of answers after which about two thirds of the baseline are used.
 */
const pacing = {
  version: { mostValues: 16, values: 4, pass: 300 },
  own: { mostValues: 8, values: 4, pass: 250 },
} as const;
/**
 * The most of what is left that a minute uses. Passes over an own baseline last a quarter of an hour however many answers come;
 * a new version has one pass, and that is used up.
 */
const mostOfMinute = { version: 0.3, own: 0.1 } as const;

/** Values of each stratum; all together they are one. */
export type Strata = ReadonlyMap<string, Values>;

/** What a comparison is of, whatever comes. */
export interface Compared {
  /** How many values the whole baseline has in each stratum. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly isCategory: boolean;
  readonly isOfVersion: boolean;
}

/** Values with their strata, as a comparison is stored. */
export interface StrataForm {
  readonly split: (values: Values) => Strata;
  /** The name that a value of a stratum is stored under. */
  readonly nameOf: (stratum: string, value: string) => string;
}

/** Seeds of what is drawn for a purpose: the same draw the same. */
export type SeedFor = (purpose: string) => string;

/** What is pooled with values of the baseline, and how it is drawn. */
export interface Drawing extends Compared {
  readonly seen: Strata;
  readonly form: StrataForm;
  readonly seedFor: SeedFor;
}

/** What came of a stratum in a minute, and what it is held against. */
export interface Pool {
  readonly seen: Values;
  readonly drawn: Values;
}

/** Pools each stratum of what came with values drawn from the same stratum of what is left; with what is left then. */
export const drawPools = (
  values: Values,
  drawing: Drawing,
): { readonly pools: readonly Pool[]; readonly left: Values } => {
  const { seen, form, seedFor } = drawing;
  const remaining = form.split(values);
  const taken = new Map<string, number>();
  const pools = [...seen].map(([stratum, came]): Pool => {
    const ofStratum = remaining.get(stratum) ?? {};
    const { drawn } = drawValues(
      ofStratum,
      countToUse({
        ...{ size: drawing.sizes.get(stratum) ?? 0, isOfVersion: drawing.isOfVersion },
        ...{ came: countOf(came), remaining: countOf(ofStratum) },
      }),
      seedFor(`draws${stratum}`),
    );
    for (const value in drawn) {
      taken.set(form.nameOf(stratum, value), drawn[value] ?? 0);
    }
    return { seen: came, drawn };
  });
  return { pools, left: without(values, taken) };
};

/** Passes over what the version before had, and over an own baseline, have paces of their own. */
export const kindOf = ({ isOfVersion }: Pick<Compared, "isOfVersion">): "version" | "own" =>
  isOfVersion ? "version" : "own";

const without = (values: Values, taken: ReadonlyMap<string, number>): Values => {
  const left: Record<string, number> = {};
  for (const value in values) {
    const count = (values[value] ?? 0) - (taken.get(value) ?? 0);
    if (count > 0) {
      left[value] = count;
    }
  }
  return left;
};

/** How many values of a baseline of so many are used for what came in a minute; at least 1. */
export const countToUse = (args: {
  readonly size: number;
  readonly came: number;
  readonly remaining: number;
  readonly isOfVersion: boolean;
}): number => {
  const { size, came, remaining } = args;
  const kind = kindOf(args);
  const { mostValues, values, pass } = pacing[kind];
  const passAnswers = Math.max(size / mostValues, Math.min(size / values, pass));
  return Math.max(1, Math.round(remaining * Math.min(came / (came + passAnswers), mostOfMinute[kind])));
};

/** How many values the whole baseline has. */
export const sizeOf = ({ sizes }: Pick<Compared, "sizes">): number =>
  [...sizes.values()].reduce((sum, each) => sum + each, 0);
