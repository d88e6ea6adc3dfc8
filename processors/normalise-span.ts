import { genAi, plumbline } from "../core/attributes.ts";
import type { Source } from "../core/call.ts";
import type { Span, TextAttributes } from "../core/span.ts";
import type { Attributes, OtlpSpan } from "./otlp-span.ts";
import { attributeText, textOf } from "./read-attribute.ts";

/**
 * Attributes that are kept elsewhere alone: text of a call in `contents`, where policy and retention rule it, and what the
 * provider sent as counts in `calls`.
 */
const keptElsewhere: ReadonlySet<string> = new Set([genAi.inputMessages, genAi.outputMessages, plumbline.rawUsage]);

const kinds = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"] as const;
const statusCodes = ["Unset", "Ok", "Error"] as const;

/** Maps a span to the row that trace viewers read, without the text of the call. */
export const normaliseSpan = (span: OtlpSpan, source: Source): Span => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  traceState: span.traceState,
  name: span.name,
  kind: kinds[span.kind] ?? "Unspecified",
  serviceName: textOf(span.resource, "service.name") ?? "",
  resourceAttributes: textAttributes(span.resource),
  scopeName: span.scopeName,
  scopeVersion: span.scopeVersion,
  attributes: textAttributes(span.attributes),
  startedAtNs: span.startNs,
  durationNs: span.endNs > span.startNs ? span.endNs - span.startNs : 0n,
  statusCode: statusCodes[span.statusCode] ?? "Unset",
  statusMessage: span.statusMessage,
  events: span.events.map((event) => ({ ...event, attributes: textAttributes(event.attributes) })),
  links: span.links.map((link) => ({ ...link, attributes: textAttributes(link.attributes) })),
  source,
});

const textAttributes = (attributes: Attributes): TextAttributes => {
  const texts: Record<string, string> = {};
  for (const [name, value] of attributes) {
    if (!keptElsewhere.has(name)) {
      texts[name] = attributeText(value);
    }
  }
  return texts;
};
