import { at } from "../special/require-number.ts";
import type { HourValue, SeasonReference } from "./fit-season.ts";
import type { HourDistance } from "./innovation.ts";
import { innovationOf } from "./innovation.ts";
import { seasonalResidual } from "./seasonal-residual.ts";

/** An hour against its reference: the distance is to be kept for the next hour. */
export interface HourScore extends HourDistance {
  /** What `driftEvidence` steps on, within +-4. */
  readonly residual: number;
}

/**
 * Scores an hour against its reference. `previous` is the score of the hour before, null or an older one when that hour had no
 * value: its part of the distance is old news.
 */
export const scoreHour = (
  reference: SeasonReference,
  { hour, value, deviation, count }: HourValue,
  previous: HourDistance | null,
): HourScore => {
  const { overdispersion } = reference;
  const expected = expectedAt(reference, hour);
  const distance = seasonalResidual({ value, expected, deviation, count, overdispersion });
  return { hour, distance, residual: innovationOf({ hour, distance }, previous, reference) };
};

/** What a reference expects of an hour; of a rate this is a logit, at which `logitDeviation` is to be taken. */
export const expectedAt = ({ expected }: SeasonReference, hour: number): number =>
  at(expected, ((hour % expected.length) + expected.length) % expected.length);
