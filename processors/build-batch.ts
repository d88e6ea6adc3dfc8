import type { BusRecord } from "../bus/bus.ts";
import type { Attempt, Call, Content, Source } from "../core/call.ts";
import { messageOf } from "../core/errors.ts";
import type { Span } from "../core/span.ts";
import type { Batch } from "../store/store.ts";
import { decodeSpans } from "./decode-spans.ts";
import { contentOf, normaliseAttempt, normaliseCall, roleOf } from "./normalise-call.ts";
import { normaliseSpan } from "./normalise-span.ts";
import type { OtlpSpan } from "./otlp-span.ts";
import type { PriceCall } from "./price-call.ts";

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
  readonly reason: string;
}

/** What a range of records became. */
export interface BuiltBatch {
  readonly batch: Batch;
  readonly rejected: readonly RejectedRecord[];
}

/** Decodes, normalises and prices a range of records; what cannot be used is set apart with its reason. */
export const buildBatch = (range: RecordRange, priceCall: PriceCall): BuiltBatch => {
  const rows: Rows = { calls: [], attempts: [], contents: [], spans: [] };
  const rejected: RejectedRecord[] = [];
  for (const record of range.records) {
    const reason = addRecord({ range, record, rows, priceCall });
    if (reason !== null) {
      rejected.push({ record, reason });
    }
  }
  const { topic, partition, start, end } = range;
  return { batch: { topic, partition, start, end, ...rows }, rejected };
};

interface Rows {
  readonly calls: Call[];
  readonly attempts: Attempt[];
  readonly contents: Content[];
  readonly spans: Span[];
}

/** Adds a record's spans to the rows; says why, when the record or one of its spans is unusable. */
const addRecord = (args: {
  readonly range: RecordRange;
  readonly record: BusRecord;
  readonly rows: Rows;
  readonly priceCall: PriceCall;
}): string | null => {
  const { range, record, rows, priceCall } = args;
  let spans: readonly OtlpSpan[];
  try {
    spans = decodeSpans(record.value);
  } catch (error) {
    return messageOf(error);
  }
  const unusable: string[] = [];
  for (const [index, span] of spans.entries()) {
    const problem = problemOf(span);
    if (problem === null) {
      addSpan({
        span,
        rows,
        priceCall,
        source: { topic: range.topic, partition: range.partition, offset: record.offset, index },
      });
    } else {
      unusable.push(`span ${index}: ${problem}`);
    }
  }
  return unusable.length === 0 ? null : unusable.join("; ");
};

const addSpan = (args: {
  readonly span: OtlpSpan;
  readonly source: Source;
  readonly rows: Rows;
  readonly priceCall: PriceCall;
}): void => {
  const { span, source, rows } = args;
  rows.spans.push(normaliseSpan(span, source));
  switch (roleOf(span)) {
    case "call": {
      const call = args.priceCall(normaliseCall(span, source));
      rows.calls.push(call);
      const content = contentOf(span, call);
      if (content !== null) {
        rows.contents.push(content);
      }
      break;
    }
    case "attempt":
      rows.attempts.push(normaliseAttempt(span, source));
      break;
    case "other":
      break;
  }
};

/** Last second that the columns of minutes can hold, 2106-02-07T06:28:15Z, in nanoseconds. */
const latestNs = 4_294_967_295_000_000_000n;

/** Why a span cannot be stored; null when it can. */
const problemOf = (span: OtlpSpan): string | null => {
  if (span.traceId.length !== 32 || span.spanId.length !== 16) {
    return "trace id or span id of the wrong length";
  }
  if (span.parentSpanId.length !== 0 && span.parentSpanId.length !== 16) {
    return "parent span id of the wrong length";
  }
  if (span.startNs === 0n || span.startNs > latestNs || span.endNs > latestNs) {
    return "no start time, or a time that cannot be stored";
  }
  return null;
};
