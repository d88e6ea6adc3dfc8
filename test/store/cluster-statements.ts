import type { ClusterNames } from "../../store/cluster-sql.ts";
import { migrationsOnCluster, onCluster, readingTables } from "../../store/cluster-sql.ts";
import { migrations } from "../../store/migrations/all.ts";

/** Every statement that makes a new database on a cluster, in order. */
export const clusterStatements = (names: ClusterNames): readonly string[] => [
  migrationsOnCluster(names),
  ...migrations.flatMap(({ statements }) => statements.map((statement) => onCluster(statement, names))),
  ...readingTables(names),
];

/**
 * A statement for a cluster as an engine without Keeper can run it: without `ON CLUSTER`, and with the plain engine in the place
 * of the replicated one. The embedded engine makes replicated tables but keeps them read-only, since nothing gives it the
 * address that replicas would fetch from.
 */
export const withoutKeeper = (statement: string): string =>
  statement
    .replace(/ ON CLUSTER \w+/, "")
    .replace(/ENGINE = Replicated(\w+)\('[^']*', '[^']*'(?:, (\w+))?\)/, "ENGINE = $1($2)")
    .replace(
      /replicated_deduplication_window = \d+, replicated_deduplication_window_seconds = \d+/,
      "$&, non_replicated_deduplication_window = 100",
    );
