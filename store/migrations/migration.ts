/** A change of the schema. Table names are unqualified: the connection's database is meant. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}
