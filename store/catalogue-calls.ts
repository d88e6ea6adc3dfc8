import type { Table } from "./catalogue-column.ts";
import { column, sourceColumns } from "./catalogue-column.ts";

const text = "String";
const name = "LowCardinality(String)";
const nullableText = "Nullable(String)";
const nullableName = "LowCardinality(Nullable(String))";
const nullableFloat = "Nullable(Float64)";
const nullableCount = "Nullable(UInt64)";
const nanosecondTime = "DateTime64(9, 'UTC')";

/** One row a logical call, written once. */
export const callsTable: Table = {
  name: "calls",
  doc: "One row a logical call, written once. NULL means not known, never 0.",
  columns: [
    column("tenant", name, "Whose call it is."),
    column("minute", "DateTime('UTC')", "Start of the minute in which the call started."),
    column("started_at", nanosecondTime, "When the call started."),
    column("call_id", text, "Id of the logical span, 16 hex characters."),
    column("trace_id", text, "Trace id, 32 hex characters."),
    column("key_id", nullableText, "Virtual key that was used."),
    column("user_hash", nullableText, "Keyed hash of the end user."),
    column("session_id", nullableText, "Conversation the call belongs to."),
    column("feature", nullableName, "Feature of the product that called."),
    column("route", name, "Route that was taken; for calls of other origin the service that made them."),
    column("variant", name, "Target of the route that was chosen."),
    column("prompt_name", nullableName, "Named prompt template."),
    column("prompt_version", nullableName, "Version of the prompt template."),
    column("policy_version", name, "Version of the routing table that chose the target."),
    column("route_reason", name, "Why the routing table chose the target."),
    column("operation", name, "GenAI operation, such as chat."),
    column("provider", name, "GenAI provider name."),
    column("region", nullableName, "Region of the provider."),
    column("model_requested", nullableName, "Model that was asked for."),
    column("model_served", nullableName, "Model that answered, as the provider named it."),
    column("model_pinned", nullableName, "Model that the target is pinned to; NULL where it is pinned to none."),
    column("is_stream", "Bool", "Whether the answer was streamed."),
    column("system_prompt_hash", nullableText, "Hash of the system prompt."),
    column("tools_hash", nullableText, "Hash of the tool definitions."),
    column("ttft_ms", nullableFloat, "Milliseconds to the first content delta."),
    column("duration_ms", "Float64", "Milliseconds from start to end of the call."),
    column("worst_gap_ms", nullableFloat, "Longest silence between two chunks, in milliseconds."),
    column("input_tokens", nullableCount, "All input tokens, cached ones included."),
    column("output_tokens", nullableCount, "All output tokens, reasoning included."),
    column("cache_read_tokens", nullableCount, "Input tokens read from the provider's cache."),
    column("cache_write_tokens", nullableCount, "Input tokens written to the provider's cache."),
    column("reasoning_tokens", nullableCount, "Output tokens spent on reasoning."),
    column("usage_source", name, "Where the counts come from: provider, estimated or none."),
    column(
      "usage_parts",
      "Map(LowCardinality(String), UInt64)",
      "Tokens of parts with a price of their own: cacheWrite1h, inputAudio, outputAudio and so on; none of 0.",
    ),
    column(
      "service_tier",
      nullableName,
      "Tier that the provider says it served: standard, flex, batch, priority, other.",
    ),
    column(
      "raw_usage",
      text,
      "JSON of the provider's usage object as it came, without text; empty when there is none.",
    ),
    column("cost_nanos", "Nullable(Int64)", "Cost in nano-dollars; NULL when no price is known."),
    column("waste_nanos", "Nullable(Int64)", "Cost of the losing attempts in nano-dollars."),
    column("price_id", nullableName, "Price that was used, as provider/model."),
    column("price_version", nullableName, "Version of the price table."),
    column("outcome", name, "How the call ended."),
    column("error_type", nullableName, "Class of the error, low in cardinality."),
    column("http_status", "Nullable(UInt16)", "HTTP status of the answer."),
    column("finish_reasons", "Array(LowCardinality(String))", "Finish reason of each choice."),
    column("attempts", "UInt16", "Attempts that were made."),
    column("is_fallback", "Bool", "Whether another target than the first answered."),
    column("gateway_id", nullableName, "Gateway process that finished the call."),
    column("gateway_seq", nullableCount, "Position among the calls which that process finished, from 1."),
    column(
      "measures",
      "Map(LowCardinality(String), Float64)",
      "Numbers, flags and categories measured of question and answer, by versioned name.",
    ),
    column("convention", name, "Attribute vocabulary of the span."),
    column("mapper_version", name, "Version of the mapping from span to row."),
    ...sourceColumns,
    column("ingested_at", "DateTime64(3, 'UTC')", "When the row was inserted."),
  ],
};

/** One row a try of one provider. */
export const attemptsTable: Table = {
  name: "attempts",
  doc: "One row a try of one provider within a call.",
  columns: [
    column("tenant", name, "Whose call it is."),
    column("minute", "DateTime('UTC')", "Start of the minute in which the attempt started."),
    column("started_at", nanosecondTime, "When the attempt started."),
    column("attempt_id", text, "Id of the attempt's span, 16 hex characters."),
    column("call_id", text, "Id of the call's span, 16 hex characters."),
    column("trace_id", text, "Trace id, 32 hex characters."),
    column("route", name, "Route of the call."),
    column("number", "UInt16", "Number of the attempt within the call, from 1."),
    column("provider", name, "GenAI provider name."),
    column("target", name, "Target as provider/model of the configuration."),
    column("model_requested", nullableName, "Model that was asked for."),
    column("model_served", nullableName, "Model that answered."),
    column("ttft_ms", nullableFloat, "Milliseconds to the first content delta."),
    column("duration_ms", "Float64", "Milliseconds from start to end of the attempt."),
    column("outcome", name, "How the attempt ended."),
    column("error_type", nullableName, "Class of the error, low in cardinality."),
    column("http_status", "Nullable(UInt16)", "HTTP status of the answer."),
    ...sourceColumns,
  ],
};

/** The text of calls, apart from their numbers. */
export const contentsTable: Table = {
  name: "contents",
  doc: "Text of calls, where policy keeps any; its retention is its own.",
  columns: [
    column("tenant", name, "Whose call it is."),
    column("minute", "DateTime('UTC')", "Start of the minute in which the call started."),
    column("call_id", text, "Id of the call's span, 16 hex characters."),
    column("trace_id", text, "Trace id, 32 hex characters."),
    column("route", name, "Route of the call."),
    column("policy", name, "What the text went through: redacted or full."),
    column("input_messages", nullableText, "JSON of gen_ai.input.messages."),
    column("output_messages", nullableText, "JSON of gen_ai.output.messages."),
    column(
      "cut_bytes",
      "UInt64",
      "Bytes of text that were cut from both, marked in their place; 0 when they are whole.",
    ),
    ...sourceColumns,
  ],
};
