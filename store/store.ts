import type { ArmTally } from "../core/arms.ts";
import type { Attempt, Call, Content } from "../core/call.ts";
import type { CensusReport } from "../core/census.ts";
import type { EmbeddedMinute, EmbeddingSum } from "../core/embedding-sum.ts";
import type { RoleEvents, RoleState } from "../core/events.ts";
import type { Conclusions, Evidence, MeasuredMinute } from "../core/evidence.ts";
import type { Feedback } from "../core/feedback.ts";
import type { Span } from "../core/span.ts";
import type { MeasuredFamily } from "./measured-hours.ts";
import type { QuestionName } from "./questions.ts";
import type { TimeSpan } from "./read-measures.ts";

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
  /** What the embeddings of the calls add up to; a repeat of the range has the same. */
  readonly embeddings: readonly EmbeddingSum[];
}

/**
 * What is known of the range of a batch before it is stored.
 *
 * - `first`: nobody has tried to store this range yet. It is inserted under the token of the range.
 * - `repeated`: somebody planned exactly this range and may have stored all, a part or nothing of it; his insert may even be
 *   under way. Also what follows a `first` that failed, since its insert may have been made.
 * - `redriven`: rows of these records may have been stored in ranges with other bounds, such as those of a dead letter that
 *   an operator sends again. What is there is looked up, the rest is inserted; but not sums of embeddings, of which nobody could
 *   tell which of the calls are in those that are there.
 */
export type Delivery = "first" | "repeated" | "redriven";

/** How an append is made. */
export interface AppendOptions {
  readonly delivery: Delivery;
}

/** A report of a gateway as it was read from the bus. */
export interface ReceivedReport {
  readonly report: CensusReport;
  /** By the reader's clock, in milliseconds since the Unix epoch. */
  readonly receivedAtMs: number;
}

/** A fact about a call, with the place on the bus from which it was first read. */
export interface ReceivedFeedback {
  readonly feedback: Feedback;
  readonly partition: number;
  readonly offset: number;
}

/** A span of time in which users or sessions of a route are counted. */
export interface UnitSpan extends TimeSpan {
  /** When the trial began, in milliseconds since the Unix epoch: units are new since then. */
  readonly sinceMs: number;
  /** Only units whose first call since then began in this span are counted. */
  readonly begunFromMs: number;
  readonly begunUntilMs: number;
  readonly route: string;
  readonly unit: "user" | "session";
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
  /**
   * Stores a batch, counted once however often it is repeated; rejects with `store.unavailable` when it should be tried again,
   * as `repeated`. Batches of one partition are appended one after the other, by the owner of the partition.
   */
  readonly append: (batch: Batch, options: AppendOptions) => Promise<void>;
  /** Saves reports of gateways; repeating one changes nothing. Rejects with `store.unavailable` when it should be tried again. */
  readonly saveReports: (received: readonly ReceivedReport[]) => Promise<void>;
  /**
   * Saves facts about calls, those of one partition of the bus; repeating one changes nothing. Rejects with `store.unavailable`
   * when it should be tried again.
   */
  readonly saveFeedback: (received: readonly ReceivedFeedback[]) => Promise<void>;
  /** What was measured in the minutes of a span of time, in their order. */
  readonly readMeasures: (span: TimeSpan) => Promise<readonly MeasuredMinute[]>;
  /** What the embeddings of the minutes of a span of time add up to, in their order. */
  readonly readEmbeddings: (span: TimeSpan) => Promise<readonly EmbeddedMinute[]>;
  /** What was measured in the hours of a span of time, from its minutes: versions of a prompt together, probes apart. */
  readonly sumHours: (span: TimeSpan) => Promise<readonly MeasuredMinute[]>;
  /** Saves what was measured in one hour, for longer than its minutes are kept; saving the hour again changes nothing. */
  readonly saveHour: (measured: readonly MeasuredMinute[]) => Promise<void>;
  /** The saved hours of all measures of a model on a route, in their order. */
  readonly readHours: (span: TimeSpan, family: MeasuredFamily) => Promise<readonly MeasuredMinute[]>;
  /** What came of the calls whose rows were stored in a span of time, by route and target; empty where there were none. */
  readonly readArms: (span: TimeSpan) => Promise<readonly ArmTally[]>;
  /**
   * What came of the users or sessions of a route in a span of time, each counted once since the trial began, by the target that its
   * first call since then took. What was stored of them since the last time is taken in first, so that a look costs what is new;
   * rejects with `store.unavailable` when it should be tried again.
   */
  readonly readUnitArms: (span: UnitSpan) => Promise<readonly ArmTally[]>;
  /** Where each test of a detector stood last, as far as it saw calls in the last 30 days. */
  readonly readEvidence: (detector: string) => Promise<readonly Evidence[]>;
  /** Saves what a detector concluded from a minute; saving the same again changes nothing. */
  readonly saveConclusions: (conclusions: Conclusions) => Promise<void>;
  /** Saves what a role did; saving the events of a token again changes nothing. */
  readonly saveEvents: (events: RoleEvents) => Promise<void>;
  /** Saves what a part of a role must remember over a restart: all of it, or none when it rejects. */
  readonly saveStates: (owner: string, states: readonly RoleState[]) => Promise<void>;
  /** What that part remembers, in order of the keys. */
  readonly readStates: (owner: string) => Promise<readonly RoleState[]>;
  /** Answers a named question. */
  readonly ask: (question: QuestionName, parameters: QuestionParameters) => Promise<readonly AnswerRow[]>;
  /** Runs a read-only statement of the operator's own and returns its rows. */
  readonly query: (sql: string) => Promise<readonly AnswerRow[]>;
  readonly close: () => Promise<void>;
}
