import { continueComparison, leftOf, openComparison } from "./drift-comparison.ts";
import type { Drawing, SeedFor, StrataForm } from "./drift-pools.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { countOf, merged, seriesKey } from "./drift-series.ts";
import type { Baseline, Comparison, Pass } from "./drift-state.ts";
import { byStratum, isMixMoved, matchedSides, nameInStratum, sizesOf } from "./drift-strata.ts";

/**
 * What is left of a baseline when a pass ends. A new version has one pass, and that is used up; later passes end while there is
 * enough left to see a change by.
 */
const leastLeft = { version: 0.05, own: 0.15 } as const;

/** All inputs alike. */
const alike: StrataForm = {
  split: (values) => new Map([["", values]]),
  nameOf: (_, value) => value,
};
/** Within strata of the input. */
const apart: StrataForm = { split: byStratum, nameOf: nameInStratum };

/** Begins a pass over a baseline. */
export const openPass = (against: Baseline, minute: SeenMinute, isOfVersion: boolean): Pass => ({
  ...{ against, isOfVersion },
  all: openComparison(against.values, comparedOf({ against, isOfVersion }, minute, alike)),
  within: null,
  ...{ seen: {}, seenSum: 0, seenStrata: {} },
});

/** Whether a pass has used its baseline, or so much more of that is known by now that it is better to begin again. */
export const isPassOver = ({ all, against, isOfVersion }: Pass, own: Baseline, enough: number): boolean => {
  const [size, known] = [countOf(against.values), countOf(own.values)];
  const isOutgrown = !isOfVersion && size < enough && (known >= 2 * size || known >= enough);
  return isOutgrown || leftOf(all) <= (isOfVersion ? leastLeft.version : leastLeft.own) * size;
};

/**
 * Takes a minute into a pass. Where the inputs are others than those of the baseline, what came is also compared with answers to
 * the same inputs, from that minute on: that they are others does not depend on the answers.
 */
export const continuePass = (pass: Pass, minute: SeenMinute, areInputsMoved: boolean): Pass => ({
  ...pass,
  all: continued(pass.all, { pass, minute, form: alike, seen: minute.values }),
  within: continuedWithin(pass, minute, areInputsMoved),
  seen: merged(pass.seen, minute.values),
  seenSum: pass.seenSum + minute.sum,
  seenStrata: merged(pass.seenStrata, minute.strata),
});

/** Whether the inputs of a pass with a minute are others than those of its baseline; once they are, the pass stays with it. */
export const areInputsOther = ({ within, against, seenStrata }: Pass, minute: SeenMinute): boolean =>
  within !== null || isMixMoved(against.strata, merged(seenStrata, minute.strata));

/** The comparison that counts: within strata of the input once the inputs are others. */
export const countingOf = ({ all, within }: Pass): Comparison => within ?? all;

/** What the counting comparison is of: within strata, what both sides have, in the mix of what came. */
export const sidesOf = (pass: Pass, isCategory: boolean): ComparedSides => {
  const { within, against, seen, seenSum, seenStrata } = pass;
  if (within === null) {
    return { against, seen, seenSum };
  }
  const matched = matchedSides(against.strata, seenStrata, isCategory);
  return { ...matched, against: { ...matched.against, from: `${against.from}, within the same inputs` } };
};

/** What came, and what it is held against. */
interface ComparedSides {
  readonly against: Omit<Baseline, "strata">;
  readonly seen: Values;
  readonly seenSum: number;
}

const continuedWithin = (pass: Pass, minute: SeenMinute, areInputsMoved: boolean): Comparison | null => {
  const isOpening = pass.within === null && areInputsMoved && countOf(pass.against.strata) > 0;
  const within = isOpening ? openComparison(pass.against.strata, comparedOf(pass, minute, apart)) : pass.within;
  return within === null ? null : continued(within, { pass, minute, form: apart, seen: minute.strata });
};

const continued = (
  comparison: Comparison,
  args: { readonly pass: Pass; readonly minute: SeenMinute; readonly form: StrataForm; readonly seen: Values },
): Comparison => {
  const { pass, minute, form, seen } = args;
  return continueComparison(comparison, {
    ...comparedOf(pass, minute, form),
    seen: form.split(seen),
  });
};

const seedOf =
  (minute: SeenMinute): SeedFor =>
  (purpose) =>
    `${seriesKey(minute)} ${purpose} ${minute.minuteMs}`;

const comparedOf = (
  { against, isOfVersion }: Pick<Pass, "against" | "isOfVersion">,
  minute: SeenMinute,
  form: StrataForm,
): Omit<Drawing, "seen"> => ({
  sizes: form === alike ? new Map([["", countOf(against.values)]]) : sizesOf(against.strata),
  ...{ isCategory: minute.isCategory, isOfVersion, form, seedFor: seedOf(minute) },
});
