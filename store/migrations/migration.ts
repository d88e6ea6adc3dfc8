import type { SqlClient } from "../sql-client.ts";

/** A change of the schema. Table names are unqualified: the connection's database is meant. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /** Each can be run again: a migration that was killed starts anew. */
  readonly statements: readonly string[];
  /**
   * Brings rows that are there already into the new form, after the statements; can be killed anywhere and run again. Not run on
   * a cluster: none is older than version 5.
   */
  readonly moveRows?: (sql: SqlClient) => Promise<void>;
}
