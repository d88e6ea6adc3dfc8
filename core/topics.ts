/** The topics of the bus: the whole contract between stages. Names are fixed; others read and write them. */
export const topics = {
  /** Bare OTLP `ExportTraceServiceRequest` in protobuf or JSON, many spans a record, as the OpenTelemetry Collector writes it. */
  spans: "otlp_spans",
  /** Records that could not be processed: the original bytes, with the reason in the headers. */
  deadLetters: "plumbline.dead_letters",
  /** Reports of gateways on the calls that they have finished, as JSON (`core/census.ts`); the key is the gateway's id. */
  census: "plumbline.census",
  /** Outcomes and scores of calls, told after them, as JSON (`core/feedback.ts`); the key is the call's id, else the trace's. */
  feedback: "plumbline.feedback",
  /** What gateways have spent of budgets, as JSON (`core/spending.ts`); the highest of each gateway, budget and window holds. */
  spending: "plumbline.spending",
  /** What moves traffic, as JSON (`core/verdict.ts`), signed; the key is the subject, and the latest of a subject holds. */
  verdicts: "plumbline.verdicts",
} as const;

/**
 * Header that tells the encoding of a record of spans: `application/x-protobuf` or `application/json`. Where it is missing,
 * as in what the OpenTelemetry Collector writes, the first byte tells.
 */
export const contentTypeHeader = "content-type";

/**
 * Headers of a dead letter: why it is there and where it came from. A record that is sent again carries its origin (topic,
 * partition, offset) and its tries, so that it is counted at the place where it was first read.
 */
export const deadLetterHeaders = {
  code: "plumbline-code",
  reason: "plumbline-reason",
  topic: "plumbline-topic",
  partition: "plumbline-partition",
  offset: "plumbline-offset",
  version: "plumbline-version",
  /** How often the record was tried, in decimal; a letter without it was tried once. */
  tries: "plumbline-tries",
  /** Only where the letter holds no more than the beginning of the record: its size in bytes, in decimal. */
  size: "plumbline-size",
  /** Only where the letter holds no more than the beginning of the record: SHA-256 of the whole of it, in hex. */
  sha256: "plumbline-sha256",
  /** Only on the mark that a letter was sent again: the partition and offset of that letter, as `partition:offset`. */
  redriven: "plumbline-redriven",
} as const;
