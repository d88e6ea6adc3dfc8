import { rankTilt } from "../stats/evidence/rank-tilt.ts";
import { sequentialRanks } from "../stats/evidence/sequential-ranks.ts";
import { begunAgain, logFresh, logStart } from "./drift-beginnings.ts";
import { randomFrom } from "./drift-draw.ts";
import type { Drawing } from "./drift-pools.ts";
import { countToUse, sizeOf } from "./drift-pools.ts";
import type { Values } from "./drift-series.ts";
import { binned, countOf, merged } from "./drift-series.ts";
import type { RankedComparison } from "./drift-state.ts";

const ranks = rankTilt();
/** Of a sample the largest share of equal values whose ranks still say nearly what the values do: chance tells equal ones apart. */
const mostEqual = 0.5;

/** Whether numbers differ enough for their ranks to be compared. */
export const areSpread = (sample: Values): boolean =>
  Math.max(0, ...Object.values(sample)) <= mostEqual * countOf(sample);

/** Begins a comparison with the values that the sample has left. */
export const openRanked = (pool: Values, args: Omit<Drawing, "seen">): RankedComparison => {
  const start = logStart(args);
  return { by: "ranks", pool, left: countOf(pool), isBegun: false, logRanks: ranks.start.map(() => start) };
};

/**
 * Takes a minute into a comparison: each value is ranked among those of its stratum in the baseline and all that came before it
 * since. The seed alone decides in which order the values of a minute come. How much of the baseline counts as used only
 * tells when the pass ends.
 */
export const continueRanked = (comparison: RankedComparison, args: Drawing): RankedComparison => {
  const { sizes, seen, form, isOfVersion } = args;
  const known = [...seen].filter(([stratum]) => sizes.has(stratum));
  const pools = form.split(comparison.pool);
  const came = known.map(([stratum, values]) => ({
    ranked: ranksOf(pools.get(stratum) ?? {}, values, args.seedFor(`ranks${stratum}`)),
    named: renamed(values, (value) => form.nameOf(stratum, value)),
  }));
  const count = came.reduce((sum, { ranked }) => sum + ranked.length, 0);
  const size = sizeOf(args);
  const used = count === 0 ? 0 : countToUse({ size, came: count, remaining: comparison.left, isOfVersion });
  const logs = begunAgain(comparison.logRanks, comparison.isBegun ? logFresh(args, used / size) : null);
  return {
    by: "ranks",
    pool: came.reduce<Values>((pool, { named }) => merged(pool, named), comparison.pool),
    ...{ left: comparison.left - used, isBegun: true },
    logRanks: [...came.reduce((state, { ranked }) => ranks.step(state, ranked), logs)],
  };
};

/** The evidence of a comparison: a mixture over kinds and sizes of change and over its beginnings. */
export const rankedEvidence = ({ logRanks }: RankedComparison): number => ranks.logEvidence(logRanks);

const ranksOf = (pool: Values, values: Values, seed: string): readonly number[] => {
  const random = randomFrom(seed);
  const { bins, counts } = binned(values);
  const each = bins.flatMap((bin, index) => Array.from({ length: counts[index] ?? 0 }, () => bin));
  return sequentialRanks(binned(pool), inRandomOrder(each, random), random);
};

/** Fisher and Yates 1938, Durstenfeld 1964. */
const inRandomOrder = (values: number[], random: () => number): readonly number[] => {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other] ?? 0, values[last] ?? 0];
  }
  return values;
};

const renamed = (values: Values, nameOf: (value: string) => string): Values =>
  Object.fromEntries(Object.entries(values).map(([value, count]) => [nameOf(value), count]));
