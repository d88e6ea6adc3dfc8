import type { Rollup } from "../catalogue-rollup.ts";
import { createRollup } from "../rollup-sql.ts";
import { withoutStrata } from "./0014-stratify-measures.ts";
import type { Migration } from "./migration.ts";

/** As it was when this was first applied: version 11 adds the prompt, version 12 the strata. */
const withoutPrompt: Rollup = {
  ...withoutStrata,
  dimensions: withoutStrata.dimensions.filter(({ name }) => name !== "prompt"),
};

/** What is measured of calls, and its rollup; nothing was measured of calls from before. */
export const createMeasures: Migration = {
  version: 6,
  name: "create-measures",
  statements: [
    "ALTER TABLE calls ADD COLUMN IF NOT EXISTS measures Map(LowCardinality(String), Float64) AFTER gateway_seq",
    ...createRollup(withoutPrompt),
  ],
};
