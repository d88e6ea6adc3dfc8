import { measuresByMinute } from "../catalogue-rollup.ts";
import { createRollup } from "../rollup-sql.ts";
import type { Migration } from "./migration.ts";

/** What is measured of calls, and its rollup; nothing was measured of calls from before. */
export const createMeasures: Migration = {
  version: 6,
  name: "create-measures",
  statements: [
    "ALTER TABLE calls ADD COLUMN IF NOT EXISTS measures Map(LowCardinality(String), Float64) AFTER gateway_seq",
    ...createRollup(measuresByMinute),
  ],
};
