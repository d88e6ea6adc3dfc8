import type { Insert } from "./sql-client.ts";
import { literal } from "./sql-client.ts";

/** The statement in front of the rows of an insert; `more` are settings besides those of every insert. */
export const insertSql = (insert: InsertHead, more: InsertSettings = {}): string => insertFrom(insert, "", more);

/** The same with the rows in a file of this machine. */
export const insertFileSql = (insert: InsertHead, path: string): string =>
  insertFrom(insert, ` FROM INFILE ${literal(path)} COMPRESSION 'none'`, {});

const insertFrom = ({ table, columns, ...marks }: InsertHead, from: string, more: InsertSettings): string =>
  `INSERT INTO ${table} (${columns.map(({ name }) => `\`${name}\``).join(", ")})${from} SETTINGS ${settingsOf(marks, more)} FORMAT Native`;

type InsertHead = Pick<Insert, "table" | "columns" | "token" | "comment">;

/** Settings of a statement, values as SQL. */
export type InsertSettings = Readonly<Record<string, string | number>>;

const settingsOf = ({ token, comment }: Pick<InsertHead, "token" | "comment">, more: InsertSettings): string =>
  Object.entries({ ...settings, ...more, insert_deduplication_token: literal(token), log_comment: literal(comment) })
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
