import { column } from "./catalogue-column.ts";
import type { RollupDimension, RollupSum } from "./catalogue-rollup.ts";

const sumType = "SimpleAggregateFunction(sum, Int64)";

/** Type of numbers by a small whole number, such as those of values by bin. */
export const histogramType = "SimpleAggregateFunction(sumMap, Map(Int16, Int64))";

/** A sum of whole numbers. */
export const sum = (name: string, expression: string, doc: string): RollupSum => ({
  name,
  type: sumType,
  expression,
  doc,
});

/**
 * The last dimensions of every rollup: only the owner of a partition adds to its rows, so that one writer's rows can be made
 * right while others insert. Rows older than these dimensions have the source '' / 0, or '' / 1 where they take out again of
 * it what has got its true source (`migrations/0003-rollups-by-source.ts`).
 */
export const sourceDimensions: readonly RollupDimension[] = [
  { ...column("source_topic", "LowCardinality(String)", "Bus topic of the calls."), expression: "c.source_topic" },
  { ...column("source_partition", "UInt32", "Partition of that topic."), expression: "c.source_partition" },
];

/** A dimension of few values. */
export const dimension = (name: string, expression: string, doc: string): RollupDimension => ({
  ...column(name, "LowCardinality(String)", doc),
  expression,
});
