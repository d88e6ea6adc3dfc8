/** A value of an OTLP attribute. Integers beyond 2^53 come as bigint; bytes come as base64 text. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by name; of a repeated name the last value counts. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** A span as it stood on the bus, with what its resource and scope say. */
export interface OtlpSpan {
  /** 32 hex characters. */
  readonly traceId: string;
  /** 16 hex characters. */
  readonly spanId: string;
  /** 16 hex characters, or empty for a root span. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  /** Number of OTLP's `SpanKind`. */
  readonly kind: number;
  /** Nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  /** Nanoseconds since the Unix epoch. */
  readonly endNs: bigint;
  readonly attributes: Attributes;
  readonly events: readonly { readonly atNs: bigint; readonly name: string; readonly attributes: Attributes }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly traceState: string;
    readonly attributes: Attributes;
  }[];
  /** Number of OTLP's `StatusCode`. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
}
