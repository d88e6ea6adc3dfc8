import type { Insert } from "./sql-client.ts";
import { literal } from "./sql-client.ts";

/** The statement in front of the rows of an insert. */
export const insertSql = ({ table, columns, ...marks }: Omit<Insert, "rows">): string =>
  `INSERT INTO ${table} (${columns.map((column) => `\`${column}\``).join(", ")}) SETTINGS ${settingsOf(marks)} FORMAT JSONCompactEachRow`;

const settingsOf = ({ token, comment }: Pick<Insert, "token" | "comment">): string =>
  Object.entries({ ...settings, insert_deduplication_token: literal(token), log_comment: literal(comment) })
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

const settings = {
  // The answer must mean that the rows are stored.
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // One block an insert: all of a partition is stored or nothing.
  input_format_parallel_parsing: 0,
  max_insert_block_size: 16_777_216,
  min_insert_block_size_rows: 16_777_216,
  min_insert_block_size_bytes: 0,
  // Skip indexes are built by the merges that follow anyway; building them here too costs a third of the insert of spans.
  materialize_skip_indexes_on_insert: 0,
  // Spans of foreign clocks may spread over any number of days, and a batch that is refused once is refused for ever.
  max_partitions_per_insert_block: 0,
} as const;
