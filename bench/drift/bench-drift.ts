import type { Figure } from "../figure.ts";
import { benchMeasures } from "../measures/bench-measures.ts";
import { benchClean } from "./bench-clean.ts";
import { benchCost } from "./bench-cost.ts";
import { benchFlags } from "./bench-flags.ts";
import { benchHours } from "./bench-hours.ts";
import { benchMany } from "./bench-many.ts";
import { benchReal } from "./bench-real.ts";
import { benchStrata } from "./bench-strata.ts";

/** Everything that is measured of drift: what measures and tests cost, and what they find and raise in vain. Seeds are fixed. */
export const benchDrift = async (report: (text: string) => void): Promise<readonly Figure[]> => {
  const measures = await benchMeasures(report);
  report("drift: cost");
  return [
    ...measures,
    ...benchCost(),
    ...benchMany(),
    ...benchFlags(report),
    ...benchStrata(report),
    ...benchReal(report),
    ...benchHours(report),
    ...benchClean(report),
  ];
};
