import type { Rollup } from "../catalogue-rollup.ts";
import { callsByMinute } from "../catalogue-rollup.ts";
import { rollupView } from "../rollup-sql.ts";
import { settleSources } from "../settle-sources.ts";
import type { Migration } from "./migration.ts";

/** The rollup as it was then. */
const bySource: Rollup = {
  ...callsByMinute,
  dimensions: callsByMinute.dimensions.filter(({ name }) => name !== "kind"),
};

/** The source becomes the end of the key of calls_1m, and its rows get the source that `calls` has for them. */
export const rollupsBySource: Migration = {
  version: 3,
  name: "rollups-by-source",
  statements: [
    `ALTER TABLE calls_1m
  ADD COLUMN IF NOT EXISTS source_topic LowCardinality(String) AFTER outcome,
  ADD COLUMN IF NOT EXISTS source_partition UInt32 AFTER source_topic,
  MODIFY ORDER BY (tenant, minute, route, variant, provider, model, outcome, source_topic, source_partition)`,
    `ALTER TABLE calls_1m_mv MODIFY QUERY
${rollupView(bySource)}`,
  ],
  moveRows: (sql) => settleSources(sql, bySource),
};
