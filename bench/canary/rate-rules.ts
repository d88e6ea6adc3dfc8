import { normalShare } from "../../stats/special/normal.ts";
import { isHigh } from "./kayenta.ts";
import type { RateCounts, Rule, Watch } from "./rule.ts";
import { afterFailures, every } from "./rule.ts";
import type { CellOutcomes } from "./run-cell.ts";
import { tallyOf } from "./tally.ts";

/** One-sided 5% of the normal distribution. */
const oneSided = 1.6449;
/** Pocock's constant for 6 looks at one-sided 5% (Jennison and Turnbull 2000, table 2.1). */
const pocock = 2.164;
/** Standard deviation of the differences that the mixture expects. */
const mixtureShift = 0.01;
const leastRequests = 100;

/** The z statistic of two rates, pooled; 0 where nothing was bad. */
export const zOf = ({ candidate, candidateBad, baseline, baselineBad }: RateCounts): number => {
  const rate = (candidateBad + baselineBad) / (candidate + baseline);
  const variance = rate * (1 - rate) * (1 / candidate + 1 / baseline);
  return variance > 0 ? (candidateBad / candidate - baselineBad / baseline) / Math.sqrt(variance) : 0;
};

/** The mixture likelihood ratio of a difference above 0, half normal with deviation `shift` (Johari and others 2022). */
export const mixtureOf = (counts: RateCounts, shift: number): number => {
  const { candidate, candidateBad, baseline, baselineBad } = counts;
  const rate = (candidateBad + baselineBad) / (candidate + baseline);
  const variance = rate * (1 - rate) * (1 / candidate + 1 / baseline);
  if (variance === 0) {
    return 1;
  }
  const difference = candidateBad / candidate - baselineBad / baseline;
  const together = variance + shift * shift;
  const z = (difference * shift) / Math.sqrt(variance * together);
  return 2 * Math.sqrt(variance / together) * Math.exp((z * z) / 2) * normalShare(z);
};

/** Adds up minutes and judges the sums. */
const onSums = (isRolledBack: (sums: RateCounts) => boolean): Watch<RateCounts> => {
  let sums: RateCounts = { candidate: 0, candidateBad: 0, baseline: 0, baselineBad: 0, twinBad: 0 };
  return (minute) => {
    sums = {
      candidate: sums.candidate + minute.candidate,
      candidateBad: sums.candidateBad + minute.candidateBad,
      baseline: sums.baseline + minute.baseline,
      baselineBad: sums.baselineBad + minute.baselineBad,
      twinBad: sums.twinBad + minute.twinBad,
    };
    return isRolledBack(sums);
  };
};

/** Rolls back when the candidate's rate of a minute was above a limit 5 times. */
export const flagger = (limit: number): Watch<RateCounts> =>
  afterFailures(({ candidate, candidateBad }) => candidate === 0 || candidateBad / candidate > limit, 5);

const kayenta = (minutes: number): Watch<RateCounts> => {
  const points: { candidate: number[]; baseline: number[] } = { candidate: [], baseline: [] };
  return every(minutes, ({ candidate, candidateBad, twinBad }) => {
    points.candidate.push(candidateBad / candidate);
    points.baseline.push(twinBad / candidate);
    return points.candidate.length % minutes === 0 && isHigh(points.candidate, points.baseline);
  });
};

/** What others decide by, at a base rate. */
export const rateRules = (rate: number): readonly Rule<RateCounts>[] => [
  {
    name: "mixture SPRT, tau 1 point",
    start: () => onSums((sums) => sums.candidate >= leastRequests && mixtureOf(sums, mixtureShift) >= 20),
  },
  {
    name: "Pocock, 6 looks",
    start: () =>
      every(
        10,
        onSums((sums) => zOf(sums) > pocock),
      ),
  },
  { name: "z each minute", start: () => onSums((sums) => zOf(sums) > oneSided) },
  { name: "Flagger, at least 99%, 5 failures", start: () => flagger(0.01) },
  { name: "Flagger, twice the base rate, 5 failures", start: () => flagger(2 * rate) },
  { name: "Kayenta each 10 minutes", start: () => kayenta(10) },
  { name: "Kayenta once, at 60 minutes", start: () => kayenta(60) },
];

const limitedFlagger = "Flagger at ";

/** Limits, as multiples of the base rate, of which the best is chosen in hindsight. */
const flaggerLimits: readonly number[] = Array.from({ length: 29 }, (_, index) => 1 + index / 4);

/** Flagger with each limit. */
export const flaggerRules = (rate: number): readonly Rule<RateCounts>[] =>
  flaggerLimits.map((multiple) => ({ name: `${limitedFlagger}${multiple}`, start: () => flagger(multiple * rate) }));

const mostFalse = 0.05;

/** The outcomes of a harmless and a harmful cell, with the one limit of Flagger that would have been best in place of all of them. */
export const bestInHindsight = (
  harmless: CellOutcomes,
  harmful: CellOutcomes,
): readonly [harmless: CellOutcomes, harmful: CellOutcomes] => {
  const names = [...harmless.keys()].filter((name) => name.startsWith(limitedFlagger));
  const best = names
    .filter((name) => tallyOf(harmless.get(name) ?? []).rolledBack <= mostFalse)
    .toSorted((a, b) => tallyOf(harmful.get(a) ?? []).median - tallyOf(harmful.get(b) ?? []).median)[0];
  const kept = (outcomes: CellOutcomes): CellOutcomes =>
    new Map(
      [...outcomes].flatMap(([name, each]) => {
        if (name === best) return [["Flagger, best limit in hindsight", each] as const];
        return names.includes(name) ? [] : [[name, each] as const];
      }),
    );
  return [kept(harmless), kept(harmful)];
};
