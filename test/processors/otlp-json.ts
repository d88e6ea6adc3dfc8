import type { AttributeValue } from "../../processors/otlp-span.ts";
import type { TestAttributes, TestSpan, TestValue } from "./otlp-bytes.ts";

/** What OTLP/JSON leaves to whoever writes it. */
export interface JsonStyle {
  /** Whether 64-bit integers and times stand as numbers, and not as decimal text. */
  readonly integersAsNumbers: boolean;
  /** Whether enums stand by name, and not by number. */
  readonly enumsByName: boolean;
  /** Whether ids are in upper case. */
  readonly upperCaseIds: boolean;
  /** Whether what has its default is there all the same, as null. */
  readonly nulls: boolean;
}

/** How the OpenTelemetry Collector writes it. */
const collectorStyle: JsonStyle = {
  integersAsNumbers: false,
  enumsByName: false,
  upperCaseIds: false,
  nulls: false,
};

/** Encodes spans as the OTLP/JSON of an `ExportTraceServiceRequest`. */
export const otlpJson = (
  spans: readonly TestSpan[],
  { resource = {}, style = collectorStyle }: { readonly resource?: TestAttributes; readonly style?: JsonStyle } = {},
): Uint8Array => {
  const scope = { name: "test-scope", version: "1.2.3" };
  const scopeSpans = [{ scope, spans: spans.map((span) => spanJson(span, style)) }];
  const request = { resourceSpans: [{ resource: { attributes: attributesJson(resource, style) }, scopeSpans }] };
  return Buffer.from(textOf(request));
};

const kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"] as const;
const statusCodes = ["UNSET", "OK", "ERROR"] as const;

const spanJson = (span: TestSpan, style: JsonStyle): object => {
  const { kind = 3, statusCode = 0 } = span;
  return {
    traceId: idOf(span.traceId ?? "0af7651916cd43dd8448eb211c80319c", style),
    spanId: idOf(span.spanId ?? "b7ad6b7169203331", style),
    parentSpanId: idOf(span.parentSpanId ?? "", style),
    traceState: (span.traceState ?? "") || absent(style),
    name: span.name ?? "chat",
    kind: style.enumsByName ? `SPAN_KIND_${kinds[kind]}` : kind,
    startTimeUnixNano: integerOf(span.startNs ?? 1_700_000_000_000_000_000n, style),
    endTimeUnixNano: integerOf(span.endNs ?? 1_700_000_001_000_000_000n, style),
    attributes: attributesJson(span.attributes ?? {}, style),
    events: span.events?.map(({ atNs, name, attributes }) => ({
      timeUnixNano: integerOf(atNs, style),
      name,
      attributes: attributesJson(attributes, style),
    })),
    links: span.links?.map((link) => ({
      traceId: idOf(link.traceId, style),
      spanId: idOf(link.spanId, style),
      traceState: link.traceState,
      attributes: attributesJson(link.attributes, style),
    })),
    status: {
      message: span.statusMessage ?? absent(style),
      code: style.enumsByName ? `STATUS_CODE_${statusCodes[statusCode]}` : statusCode,
    },
  };
};

const absent = ({ nulls }: JsonStyle): null | undefined => (nulls ? null : undefined);

const idOf = (hex: string, { upperCaseIds }: JsonStyle): string => (upperCaseIds ? hex.toUpperCase() : hex);

const integerOf = (value: number | bigint, { integersAsNumbers }: JsonStyle): bigint | string =>
  integersAsNumbers ? BigInt(value) : String(value);

const attributesJson = (attributes: TestAttributes, style: JsonStyle): readonly object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueJson(value, style) }));

const valueJson = (value: TestValue, style: JsonStyle): object => {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint") return { intValue: integerOf(value, style) };
  if (typeof value === "number") {
    const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
    return isInteger ? { intValue: integerOf(value, style) } : { doubleValue: value };
  }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) {
    const items: readonly AttributeValue[] = value;
    return { arrayValue: { values: items.map((item) => valueJson(item, style)) } };
  }
  return value === null
    ? {}
    : { kvlistValue: { values: attributesJson(Object.fromEntries(Object.entries(value)), style) } };
};

/** JSON text in which a bigint stands in all its digits, and a double that JSON has no number for as text. */
const textOf = (value: unknown): string => {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return "-0.0";
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join(",")}}`;
};
