import type { Table } from "./catalogue-column.ts";
import { column, sourceColumns } from "./catalogue-column.ts";

const attributes = "Map(LowCardinality(String), String)";

/** Spans in the columns of the OpenTelemetry Collector's ClickHouse exporter, which trace viewers know; ours stand behind. */
export const tracesTable: Table = {
  name: "otel_traces",
  doc: "Every span, in the columns of the OpenTelemetry Collector's ClickHouse exporter; text of calls is left out.",
  columns: [
    column("Timestamp", "DateTime64(9)", "When the span started."),
    column("TraceId", "String", "32 hex characters."),
    column("SpanId", "String", "16 hex characters."),
    column("ParentSpanId", "String", "16 hex characters; empty for a root span."),
    column("TraceState", "String", "W3C tracestate."),
    column("SpanName", "LowCardinality(String)", "Name."),
    column("SpanKind", "LowCardinality(String)", "Unspecified, Internal, Server, Client, Producer or Consumer."),
    column("ServiceName", "LowCardinality(String)", "service.name of the resource."),
    column("ResourceAttributes", attributes, "Attributes of the resource."),
    column("ScopeName", "String", "Instrumentation scope."),
    column("ScopeVersion", "String", "Version of the instrumentation scope."),
    column("SpanAttributes", attributes, "Attributes of the span; values as text."),
    column("Duration", "UInt64", "Nanoseconds."),
    column("StatusCode", "LowCardinality(String)", "Unset, Ok or Error."),
    column("StatusMessage", "String", "Message of the status."),
    column("Events.Timestamp", "Array(DateTime64(9))", "When each event happened."),
    column("Events.Name", "Array(LowCardinality(String))", "Name of each event."),
    column("Events.Attributes", `Array(${attributes})`, "Attributes of each event."),
    column("Links.TraceId", "Array(String)", "Trace of each link."),
    column("Links.SpanId", "Array(String)", "Span of each link."),
    column("Links.TraceState", "Array(String)", "W3C tracestate of each link."),
    column("Links.Attributes", `Array(${attributes})`, "Attributes of each link."),
    ...sourceColumns,
  ],
};

/** Where in time a trace lies, so that a viewer finds its spans without scanning all days. */
export const traceTimesTable: Table = {
  name: "otel_traces_trace_id_ts",
  doc: "First and last start of the spans of a trace; several rows a trace are to be merged by the reader.",
  columns: [
    column("TraceId", "String", "32 hex characters."),
    column("Start", "DateTime", "Earliest start of a span."),
    column("End", "DateTime", "Latest start of a span."),
  ],
};
