/** The topics of the bus: the whole contract between stages. Names are fixed; others read and write them. */
export const topics = {
  /** Bare OTLP protobuf `ExportTraceServiceRequest`, many spans a record, as the OpenTelemetry Collector writes it. */
  spans: "otlp_spans",
  /** Records that could not be processed: the original bytes, with the reason in the headers. */
  deadLetters: "plumbline.dead_letters",
} as const;

/** Headers of a dead letter: why it is there and where it came from. */
export const deadLetterHeaders = {
  code: "plumbline-code",
  reason: "plumbline-reason",
  topic: "plumbline-topic",
  partition: "plumbline-partition",
  offset: "plumbline-offset",
  version: "plumbline-version",
} as const;
