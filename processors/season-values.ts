import { categoryResidual } from "../stats/reference/category-residual.ts";
import type { HourValue, SeasonReference } from "../stats/reference/fit-season.ts";
import { meanNormalScore, normalScores } from "../stats/reference/normal-scores.ts";
import { expectedAt } from "../stats/reference/score-hour.ts";
import type { BucketValue } from "../stats/reference/smoothed-logit.ts";
import { logitDeviation, smoothedLogit } from "../stats/reference/smoothed-logit.ts";
import type { SeenMinute, Values } from "./drift-series.ts";
import { binned, countOf } from "./drift-series.ts";
import { hourOf } from "./hour-of.ts";
import { isFlag } from "./say-change.ts";

/** Hours of fewer answers say too little by themselves, and their logits are skewed. */
const leastOfHour = 20;

/**
 * What an hour of a series is worth, by what all hours of the reference together hold: of a flag the logit of its rate, of a
 * number the mean of its normal scores, of a category how far its shares are off. Null where there is too little to tell.
 */
export const hourValueOf = (
  seen: Pick<SeenMinute, "minuteMs" | "isCategory" | "values">,
  basis: Values,
): HourValue | null => {
  const found = countOf(seen.values) < leastOfHour ? null : bucketValue(seen, basis);
  return found === null ? null : { hour: hourOf(seen.minuteMs), ...found };
};

const bucketValue = (
  { isCategory, values }: Pick<SeenMinute, "isCategory" | "values">,
  basis: Values,
): BucketValue | null => {
  if (isCategory) {
    return categoryResidual(new Map(Object.entries(basis)), new Map(Object.entries(values)));
  }
  if (isFlag(basis, values)) {
    return smoothedLogit(values["0"] ?? 0, countOf(values));
  }
  const scores = normalScores(binned(basis));
  return scores === null || scores.deviation === 0 ? null : meanNormalScore(scores, binned(values));
};

/** The same as it is scored: the deviation of a rate is that of the rate which is expected, not of the one that came. */
export const asExpected = (value: HourValue, reference: SeasonReference, isRate: boolean): HourValue =>
  isRate ? { ...value, deviation: logitDeviation(expectedAt(reference, value.hour)) } : value;
