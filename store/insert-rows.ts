import { baseTableNames, baseTables } from "./catalogue.ts";
import type { RowsByTable } from "./rows.ts";
import { sourceMark } from "./source-mark.ts";
import type { SqlClient } from "./sql-client.ts";
import type { Batch, Delivery } from "./store.ts";

/** Rows of a batch to insert, those of each table in one insert. */
export interface RowsInsert {
  readonly batch: Batch;
  readonly delivery: Delivery;
  readonly rows: RowsByTable;
  /** Number of the token: 0 is the one of the range. */
  readonly token: number;
}

/**
 * Inserts all tables at once: they share nothing, and the engine has a core to spare. It waits for every one, also when one
 * failed, so that nothing of it is under way when it is tried again.
 */
export const insertRows = async (sql: SqlClient, work: RowsInsert): Promise<void> => {
  const token = tokenOf(work);
  const comment = `${sourceMark(work.batch)}${token}`;
  const inserts = baseTableNames.map(async (table) => {
    const rows = work.rows[table];
    if (rows.length > 0) {
      const { columns } = baseTables[table];
      await sql.insert({ table, columns, rows, token, partition: work.batch.partition, comment });
    }
  });
  const failure = (await Promise.allSettled(inserts)).find((result) => result.status === "rejected");
  if (failure !== undefined) {
    throw failure.reason;
  }
};

/**
 * The deduplication token of an insert, the same whoever makes it. That holds for the later tokens of a repeat as well: two
 * repeats that meet the same state use the same ones, so that the late insert of one is dropped where the other has been.
 */
const tokenOf = ({ batch, delivery, token }: RowsInsert): string => {
  const { topic, partition, start, end } = batch;
  const source = `${topic}:${partition}`;
  const range = delivery === "redriven" ? `redriven:${source}:${redrivenRange(batch)}` : `${source}:${start}-${end}`;
  return token === 0 ? range : `${range}:again:${token}`;
};

const redrivenRange = ({ start, end }: Batch): string => (end === start + 1 ? String(start) : `${start}-${end}`);
