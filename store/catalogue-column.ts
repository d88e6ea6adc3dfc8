/** A column as `DESCRIBE TABLE` names it, with what it means. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  /** True for a column that the engine derives from others; inserts leave it out. */
  readonly isDerived?: boolean;
}

/** A table, or a rollup fed by a materialized view. */
export interface Table {
  readonly name: string;
  readonly doc: string;
  readonly columns: readonly Column[];
}

/** Shorthand that keeps the catalogue readable: one line a column. */
export const column = (name: string, type: string, doc: string): Column => ({ name, type, doc });

/** Where a row was read from; every base table ends with these. */
export const sourceColumns: readonly Column[] = [
  column("source_topic", "LowCardinality(String)", "Bus topic the span was read from."),
  column("source_partition", "UInt32", "Partition of that topic."),
  column("source_offset", "UInt64", "Offset of the record in that partition."),
  column("source_index", "UInt32", "Position of the span in the record, from 0."),
];
