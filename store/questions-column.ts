/** What a column of an answer means, so that a table, a chart and a command line can all render it. */
export interface QuestionColumn {
  readonly name: string;
  /** `time` is the start of a bucket, `label` names a series or says something, `value` is measured. */
  readonly role: "time" | "label" | "value";
  readonly unit:
    | "none"
    | "calls"
    | "gateways"
    /** Of whatever the column names. */
    | "count"
    | "tokens"
    | "nanodollars"
    | "milliseconds"
    | "seconds"
    | "ratio"
    /** A judgement's own scale; more is better. */
    | "score"
    /** Natural logarithm of evidence. */
    | "nats"
    | "timestamp";
  /** Whether the store adds the column to what the SQL returns, since limits of the configuration go into it. */
  readonly isJudged?: true;
}

/** A named question of the store: one SQL text that the command line, the console and Grafana all use. */
export interface Question {
  readonly title: string;
  readonly description: string;
  /**
   * ClickHouse SQL with native parameters `{from:DateTime64(3)}`, `{to:DateTime64(3)}`, `{step:UInt32}` (seconds), and
   * the marker `1 /* where *\/` once in each WHERE clause, which conditions on the dimensions replace.
   */
  readonly sql: string;
  readonly columns: readonly QuestionColumn[];
  /** Dimensions that `where` may compare. */
  readonly dimensions: readonly string[];
  /** The answer is one row whatever the range holds. */
  readonly isOneRow?: true;
}

/** The start of a bucket. */
export const time: QuestionColumn = { name: "time", role: "time", unit: "timestamp" };

/** A column that names a series, or says something in words. */
export const label = (name: string): QuestionColumn => ({ name, role: "label", unit: "none" });

/** A column that is measured. */
export const value = (name: string, unit: QuestionColumn["unit"]): QuestionColumn => ({ name, role: "value", unit });
