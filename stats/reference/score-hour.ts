import { at } from "../special/require-number.ts";
import type { HourValue, SeasonReference } from "./fit-season.ts";
import { seasonalResidual } from "./seasonal-residual.ts";

/** The residual of an hour against its reference, within +-4: what `driftEvidence` steps on. */
export const scoreHour = (reference: SeasonReference, { hour, value, deviation, count }: HourValue): number =>
  seasonalResidual({
    value,
    expected: expectedAt(reference, hour),
    deviation,
    count,
    overdispersion: reference.overdispersion,
    scale: reference.scale,
  });

/** What a reference expects of an hour; of a rate this is a logit, at which `logitDeviation` is to be taken. */
export const expectedAt = ({ expected }: SeasonReference, hour: number): number =>
  at(expected, ((hour % expected.length) + expected.length) % expected.length);
