import type { Table } from "./catalogue-column.ts";
import type { Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";

/** Rows of one table that belong to no partition of the bus. */
export interface LooseRows {
  readonly table: Table;
  readonly rows: readonly Row[];
  /** The engine drops an insert whose token it has seen before. */
  readonly token: string;
}

/** Any shard of a cluster may keep them, as long as it is always the same one. */
const shardingPartition = 0;

/** Inserts rows that belong to no partition of the bus; without rows it does nothing. */
export const insertOnOneShard = async (sql: SqlClient, { table, rows, token }: LooseRows): Promise<void> => {
  if (rows.length > 0) {
    const { name, columns } = table;
    await sql.insert({ table: name, columns, rows, token, partition: shardingPartition, comment: token });
  }
};
