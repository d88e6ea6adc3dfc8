import type { Attempt, Call, Content } from "../core/call.ts";
import type { Span } from "../core/span.ts";
import type { QuestionName } from "./questions.ts";

/** The rows that came from one contiguous range of bus records; they are stored together or not yet. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record of the range. */
  readonly start: number;
  /** Offset after the last record of the range. */
  readonly end: number;
  readonly calls: readonly Call[];
  readonly attempts: readonly Attempt[];
  readonly contents: readonly Content[];
  readonly spans: readonly Span[];
}

/** How an append is made. */
export interface AppendOptions {
  /**
   * True when an earlier process may have stored a part of this range before it died: what is already there is then
   * looked up by its source, only the rest is inserted, and the rollups of the minutes touched are reconciled.
   */
  readonly isRepeat: boolean;
}

/** Parameters of a question. Times are milliseconds since the Unix epoch; `where` compares dimensions for equality. */
export interface QuestionParameters {
  readonly fromMs: number;
  readonly toMs: number;
  /** Width of a time bucket in seconds; questions without buckets ignore it. */
  readonly stepSeconds: number;
  readonly where: Readonly<Record<string, string>>;
}

/** A row of an answer, by column name. 64-bit integers come as decimal strings, so that no digit is lost. */
export type AnswerRow = Readonly<Record<string, unknown>>;

/** The store port: append a batch, ask a question. */
export interface Store {
  /** Brings the schema forward to this version; rejects with `data.newer_version` when it is ahead of us. */
  readonly migrate: () => Promise<void>;
  /** Stores a batch, counted once however often it is repeated; rejects with `store.unavailable` when it should be tried again. */
  readonly append: (batch: Batch, options: AppendOptions) => Promise<void>;
  /** Answers a named question. */
  readonly ask: (question: QuestionName, parameters: QuestionParameters) => Promise<readonly AnswerRow[]>;
  /** Runs a read-only statement of the operator's own and returns its rows. */
  readonly query: (sql: string) => Promise<readonly AnswerRow[]>;
  readonly close: () => Promise<void>;
}
