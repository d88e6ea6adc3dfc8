import { callsByMinute } from "../catalogue-rollup.ts";
import { rollupView } from "../rollup-sql.ts";
import type { Migration } from "./migration.ts";

/** Sums of calls tell shadows from calls that had a caller; those of before count as such. */
export const tellShadows: Migration = {
  version: 13,
  name: "tell-shadows",
  statements: [
    `ALTER TABLE calls_1m
  ADD COLUMN IF NOT EXISTS kind LowCardinality(String) AFTER source_partition,
  MODIFY ORDER BY (${callsByMinute.dimensions.map((dimension) => dimension.name).join(", ")})`,
    `ALTER TABLE calls_1m_mv MODIFY QUERY
${rollupView(callsByMinute)}`,
  ],
};
