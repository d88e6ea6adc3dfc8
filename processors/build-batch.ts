import { setImmediate } from "node:timers/promises";
import type { BusRecord } from "../bus/bus.ts";
import { genAi, plumbline } from "../core/attributes.ts";
import type { Attempt, Call, Content, Source } from "../core/call.ts";
import type { Clock } from "../core/clock.ts";
import type { ErrorCode } from "../core/errors.ts";
import { messageOf } from "../core/errors.ts";
import type { Span } from "../core/span.ts";
import { contentTypeHeader } from "../core/topics.ts";
import type { Batch } from "../store/store.ts";
import { AnswersToEmbed } from "./answers-to-embed.ts";
import type { CallSteps } from "./call-steps.ts";
import { decodeSpans } from "./decode-spans.ts";
import { EmbeddingSums } from "./embedding-sums.ts";
import type { MeasuredCall } from "./measure-call.ts";
import { contentOf, normaliseAttempt, normaliseCall, roleOf } from "./normalise-call.ts";
import { normaliseSpan } from "./normalise-span.ts";
import type { OtlpSpan } from "./otlp-span.ts";
import { textOf } from "./read-attribute.ts";
import { readWaste } from "./read-waste.ts";
import { problemOf } from "./span-problem.ts";

/** A contiguous range of bus records, with where it stands. */
export interface RecordRange {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly records: readonly BusRecord[];
}

/** A record of which something could not be used, and why. */
export interface RejectedRecord {
  readonly record: BusRecord;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** What a range of records became. */
export interface BuiltBatch {
  readonly batch: Batch;
  readonly rejected: readonly RejectedRecord[];
  /** The answers that an endpoint is to embed; null where none is configured. */
  readonly answers: AnswersToEmbed | null;
}

/** Decodes, normalises and prices a range of records; what cannot be used is set apart with its reason. It never throws. */
export const buildBatch = (range: RecordRange, steps: CallSteps): BuiltBatch => {
  const building = startBuilding(range, steps);
  for (const record of range.records) {
    building.add(record);
  }
  return building.end();
};

/** Milliseconds after which others get their turn. */
const turnMs = 4;

/**
 * The same in turns of some milliseconds. A batch takes this thread a quarter of a second, in which the insert of the batch before
 * would stand still at each of its steps, and the engine with it.
 */
export const buildInTurns = async (range: RecordRange, steps: CallSteps, clock: Clock): Promise<BuiltBatch> => {
  const building = startBuilding(range, steps);
  let turnEndsMs = clock.monotonicMs() + turnMs;
  for (const record of range.records) {
    building.add(record);
    if (clock.monotonicMs() >= turnEndsMs) {
      await setImmediate();
      turnEndsMs = clock.monotonicMs() + turnMs;
    }
  }
  return building.end();
};

/** A batch that records are added to, in their order. */
interface Building {
  readonly add: (record: BusRecord) => void;
  readonly end: () => BuiltBatch;
}

const startBuilding = (range: RecordRange, steps: CallSteps): Building => {
  const embeddings = new EmbeddingSums(range);
  const answers = steps.picks === undefined ? null : new AnswersToEmbed(steps.picks);
  const rows: Rows = { calls: [], attempts: [], contents: [], spans: [], embeddings, answers };
  const rejected: RejectedRecord[] = [];
  return {
    add: (record) => {
      const problem = addRecord({ range, record, rows, steps });
      if (problem !== null) {
        rejected.push({ record, ...problem });
      }
    },
    end: () => {
      const { topic, partition, start, end } = range;
      const { calls, attempts, contents, spans } = rows;
      const batch = { topic, partition, start, end, calls, attempts, contents, spans, embeddings: embeddings.all() };
      return { batch, rejected, answers };
    },
  };
};

interface Rows {
  readonly calls: Call[];
  readonly attempts: Attempt[];
  readonly contents: Content[];
  readonly spans: Span[];
  readonly embeddings: EmbeddingSums;
  readonly answers: AnswersToEmbed | null;
}

/** Adds a record's spans to the rows; says why, when the record or some of its spans are unusable. */
const addRecord = (args: {
  readonly range: RecordRange;
  readonly record: BusRecord;
  readonly rows: Rows;
  readonly steps: CallSteps;
}): Omit<RejectedRecord, "record"> | null => {
  const { range, record, rows, steps } = args;
  const { topic, partition } = range;
  let spans: readonly OtlpSpan[];
  try {
    spans = decodeSpans(record.value, record.headers[contentTypeHeader]);
  } catch (error) {
    return { code: "span.undecodable", reason: messageOf(error) };
  }
  const unusable: string[] = [];
  for (const [index, span] of spans.entries()) {
    const source = { topic, partition, offset: record.offset, index };
    const problem = problemOf(span) ?? addSpan({ span, rows, steps, source });
    if (problem !== null) {
      unusable.push(`span ${index}: ${problem}`);
    }
  }
  return unusable.length === 0 ? null : { code: "span.unusable", reason: reasonOf(unusable) };
};

/** Problems that a reason tells one by one. */
const told = 5;

const reasonOf = (problems: readonly string[]): string => {
  const rest = problems.length - told;
  return [...problems.slice(0, told), ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
};

/** Adds all rows of a span, or none and says why: what no rule foresaw must not stop the partition. */
const addSpan = (args: {
  readonly span: OtlpSpan;
  readonly source: Source;
  readonly rows: Rows;
  readonly steps: CallSteps;
}): string | null => {
  const { span, source, rows, steps } = args;
  try {
    const role = roleOf(span);
    const stored = normaliseSpan(span, source);
    const measured = role === "call" ? callOf(span, source, steps) : null;
    const call = measured?.call ?? null;
    const content = call === null ? null : contentOf(span, call);
    const attempt = role === "attempt" ? normaliseAttempt(span, source) : null;
    rows.spans.push(stored);
    addCall(rows, measured, textOf(span.attributes, plumbline.contentPolicy));
    rows.contents.push(...(content === null ? [] : [content]));
    rows.attempts.push(...(attempt === null ? [] : [attempt]));
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

const addCall = ({ calls, embeddings, answers }: Rows, measured: MeasuredCall | null, policy: string | null): void => {
  if (measured === null) {
    return;
  }
  calls.push(measured.call);
  if (measured.embedding !== null) {
    embeddings.add(measured.call, measured.embedding);
  }
  if (measured.answerText !== null) {
    answers?.add(measured.call, measured.answerText, policy);
  }
};

const callOf = (span: OtlpSpan, source: Source, { priceCall, measureCall }: CallSteps): MeasuredCall =>
  measureCall(priceCall(normaliseCall(span, source), readWaste(span.attributes)), {
    inputMessages: textOf(span.attributes, genAi.inputMessages),
    outputMessages: textOf(span.attributes, genAi.outputMessages),
  });
