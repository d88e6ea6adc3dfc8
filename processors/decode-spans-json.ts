import { readAttributes } from "./json-attributes.ts";
import { readEnum, readHex, readText, readUint64 } from "./json-fields.ts";
import type { JsonObject } from "./json-object.ts";
import { objectOf, readObject, readObjects } from "./json-object.ts";
import type { Attributes, OtlpSpan } from "./otlp-span.ts";

/**
 * Decodes the JSON of an OTLP `ExportTraceServiceRequest` to its spans in order: ids in hex, 64-bit integers also as text,
 * enums also by name. Throws when the bytes are anything else, with the place; fields it does not know are skipped.
 */
export const decodeSpansJson = (bytes: Uint8Array): readonly OtlpSpan[] => {
  const request = objectOf(bytes);
  // Every field of a request of logs or metrics is unknown here: it would be dropped as a request without spans.
  if (Object.keys(request.fields).length > 0 && !("resourceSpans" in request.fields)) {
    throw new TypeError("resourceSpans is missing");
  }
  const spans: OtlpSpan[] = [];
  readObjects(request, "resourceSpans", (resourceSpans) => {
    const resource = attributesOf(readObject(resourceSpans, "resource"));
    readObjects(resourceSpans, "scopeSpans", (scopeSpans) => readScopeSpans(scopeSpans, resource, spans));
  });
  return spans;
};

const attributesOf = (resource: JsonObject | null): Attributes =>
  resource === null ? new Map() : readAttributes(resource, "attributes");

const readScopeSpans = (scopeSpans: JsonObject, resource: Attributes, spans: OtlpSpan[]): void => {
  const scope = readObject(scopeSpans, "scope");
  const about = {
    resource,
    scopeName: scope === null ? "" : readText(scope, "name"),
    scopeVersion: scope === null ? "" : readText(scope, "version"),
  };
  readObjects(scopeSpans, "spans", (span) => {
    spans.push(readSpan(span, about));
  });
};

const readSpan = (span: JsonObject, about: Pick<OtlpSpan, "resource" | "scopeName" | "scopeVersion">): OtlpSpan => {
  const status = readObject(span, "status");
  const events: OtlpSpan["events"][number][] = [];
  readObjects(span, "events", (event) => events.push(readEvent(event)));
  const links: OtlpSpan["links"][number][] = [];
  readObjects(span, "links", (link) => links.push(readLink(link)));
  return {
    traceId: readHex(span, "traceId"),
    spanId: readHex(span, "spanId"),
    parentSpanId: readHex(span, "parentSpanId"),
    traceState: readText(span, "traceState"),
    name: readText(span, "name"),
    kind: readEnum(span, "kind", kinds),
    startNs: readUint64(span, "startTimeUnixNano"),
    endNs: readUint64(span, "endTimeUnixNano"),
    attributes: readAttributes(span, "attributes"),
    events,
    links,
    statusCode: status === null ? 0 : readEnum(status, "code", statusCodes),
    statusMessage: status === null ? "" : readText(status, "message"),
    ...about,
  };
};

const readEvent = (event: JsonObject): OtlpSpan["events"][number] => ({
  atNs: readUint64(event, "timeUnixNano"),
  name: readText(event, "name"),
  attributes: readAttributes(event, "attributes"),
});

const readLink = (link: JsonObject): OtlpSpan["links"][number] => ({
  traceId: readHex(link, "traceId"),
  spanId: readHex(link, "spanId"),
  traceState: readText(link, "traceState"),
  attributes: readAttributes(link, "attributes"),
});

const kinds = [
  "SPAN_KIND_UNSPECIFIED",
  "SPAN_KIND_INTERNAL",
  "SPAN_KIND_SERVER",
  "SPAN_KIND_CLIENT",
  "SPAN_KIND_PRODUCER",
  "SPAN_KIND_CONSUMER",
] as const;

const statusCodes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"] as const;
