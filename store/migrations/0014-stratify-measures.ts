import type { Rollup } from "../catalogue-rollup.ts";
import { measuresByMinute } from "../catalogue-rollup.ts";
import { rollupView } from "../rollup-sql.ts";
import type { Migration } from "./migration.ts";

/** The rollup of measures as earlier versions made it. */
export const withoutStrata: Rollup = {
  ...measuresByMinute,
  sums: measuresByMinute.sums.filter(({ name }) => name !== "strata"),
  arrays: "mapKeys(c.measures) AS measure, mapValues(c.measures) AS value",
};

/** Values of answers are known by stratum of the input; of calls from before they are not. */
export const stratifyMeasures: Migration = {
  version: 14,
  name: "stratify-measures",
  statements: [
    "ALTER TABLE measures_1m ADD COLUMN IF NOT EXISTS strata SimpleAggregateFunction(sumMap, Map(Int16, Int64)) AFTER bins",
    `ALTER TABLE measures_1m_mv MODIFY QUERY
${rollupView(measuresByMinute)}`,
  ],
};
