import type { InsertStatement } from "./insert-statement.ts";

/** A statement of a reader, run on a connection of its own that can change nothing. */
export interface RawQuery {
  readonly sql: string;
  /** What unqualified names mean; null is the store's own database. */
  readonly database: string | null;
  /** Output format where the statement names none. */
  readonly format: string;
  /** By name, as text in the protocol's own form: escaped as in a TabSeparated field. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Settings that were checked to be harmless; set before the connection becomes read-only. */
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A statement of a writer that was checked to stay within the engine's own folder. */
export interface RawWrite {
  readonly sql: string;
  readonly database: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

/** Rows of a writer for a table. */
export interface RawInsert {
  readonly insert: InsertStatement;
  readonly database: string | null;
  readonly settings: Readonly<Record<string, string>>;
  /** Rows in the insert's format; nothing is inserted unless it comes to its end. */
  readonly body: AsyncIterable<Buffer>;
}
