import type { Column } from "./catalogue-column.ts";
import type { Row } from "./rows.ts";
import type { AnswerRow } from "./store.ts";

/** Rows for one table. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** The engine drops an insert whose token it has seen before, in the table and in the views that depend on it. */
  readonly token: string;
  /** Partition of the bus that the rows come from; a cluster keeps its rows on one shard. */
  readonly partition: number;
  /** What the insert is seen by while it runs. */
  readonly comment: string;
}

/** What the store asks of ClickHouse, embedded or a server. Errors come as `store.unavailable` or `store.rejected`. */
export interface SqlClient {
  /** Runs a statement that returns nothing; a long one may take an hour, such as a change of the schema. */
  readonly command: (sql: string, options?: { readonly isLong: boolean }) => Promise<void>;
  /** Runs a query; parameters are text, bound by the engine. */
  readonly select: (sql: string, parameters?: Readonly<Record<string, string>>) => Promise<readonly AnswerRow[]>;
  readonly insert: (insert: Insert) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Text as a SQL literal. */
export const literal = (text: string): string => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
