import type { Source } from "./call.ts";

/** An attribute as it is stored: every value becomes text, arrays and maps become JSON. */
export type TextAttributes = Readonly<Record<string, string>>;

/** A span in the shape of the OpenTelemetry Collector's ClickHouse exporter, plus where it was read from. */
export interface Span {
  /** 32 hex characters. */
  readonly traceId: string;
  /** 16 hex characters. */
  readonly spanId: string;
  /** 16 hex characters, or empty for a root span. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: "Unspecified" | "Internal" | "Server" | "Client" | "Producer" | "Consumer";
  readonly serviceName: string;
  readonly resourceAttributes: TextAttributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly attributes: TextAttributes;
  /** Nanoseconds since the Unix epoch. */
  readonly startedAtNs: bigint;
  readonly durationNs: bigint;
  readonly statusCode: "Unset" | "Ok" | "Error";
  readonly statusMessage: string;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly source: Source;
}

/** Something that happened during a span. */
export interface SpanEvent {
  /** Nanoseconds since the Unix epoch. */
  readonly atNs: bigint;
  readonly name: string;
  readonly attributes: TextAttributes;
}

/** A span that another one points to. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: TextAttributes;
}
