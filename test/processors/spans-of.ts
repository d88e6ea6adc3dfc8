import type { Attributes, OtlpSpan } from "../../processors/otlp-span.ts";
import type { TestAttributes, TestSpan } from "./otlp-bytes.ts";

/** The spans that test spans must decode to, whatever the encoding was. */
export const spansOf = (spans: readonly TestSpan[], resource: TestAttributes = {}): readonly OtlpSpan[] =>
  spans.map((span) => ({
    traceId: span.traceId ?? "0af7651916cd43dd8448eb211c80319c",
    spanId: span.spanId ?? "b7ad6b7169203331",
    parentSpanId: span.parentSpanId ?? "",
    traceState: span.traceState ?? "",
    name: span.name ?? "chat",
    kind: span.kind ?? 3,
    startNs: span.startNs ?? 1_700_000_000_000_000_000n,
    endNs: span.endNs ?? 1_700_000_001_000_000_000n,
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map((event) => ({ ...event, attributes: attributesOf(event.attributes) })),
    links: (span.links ?? []).map((link) => ({ ...link, attributes: attributesOf(link.attributes) })),
    statusCode: span.statusCode ?? 0,
    statusMessage: span.statusMessage ?? "",
    resource: attributesOf(resource),
    scopeName: "test-scope",
    scopeVersion: "1.2.3",
  }));

const attributesOf = (attributes: TestAttributes = {}): Attributes =>
  new Map(
    Object.entries(attributes).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ]),
  );
