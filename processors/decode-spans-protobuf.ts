import type { AttributeValue, OtlpSpan } from "./otlp-span.ts";
import type { Input } from "./protobuf.ts";
import { inputOf, readCount, readFixed64, readHex, readMessage, readNested, readText } from "./protobuf.ts";
import type { MutableAttributes } from "./protobuf-attributes.ts";
import { readAttribute } from "./protobuf-attributes.ts";

/**
 * Decodes the protobuf of an OTLP `ExportTraceServiceRequest` (opentelemetry-proto 1.x, trace/v1) to its spans in order.
 * Throws when the bytes are anything else, truncated ones included; unknown fields are skipped.
 */
export const decodeSpansProtobuf = (bytes: Uint8Array): readonly OtlpSpan[] => {
  const spans: OtlpSpan[] = [];
  readMessage(inputOf(bytes), bytes.length, (field, tag) => tag === 1 && readResourceSpans(field, spans));
  return spans;
};

interface Scope {
  name: string;
  version: string;
}

/** A resource may stand after its spans on the wire, so the map is shared and filled while reading. */
const readResourceSpans = (input: Input, spans: OtlpSpan[]): void => {
  const resource: MutableAttributes = new Map();
  readNested(input, (field, tag) => {
    if (tag === 1) {
      readNested(field, (inner, innerTag) => innerTag === 1 && readAttribute(inner, resource));
    } else if (tag === 2) {
      readScopeSpans(field, resource, spans);
    }
  });
};

/** A scope may stand after its spans on the wire, so its names are written into them at the end. */
const readScopeSpans = (input: Input, resource: MutableAttributes, spans: OtlpSpan[]): void => {
  const scope: Scope = { name: "", version: "" };
  const ofScope: MutableSpan[] = [];
  readNested(input, (field, tag) => {
    if (tag === 1) {
      readNested(field, (inner, innerTag) => readScope(inner, innerTag, scope));
    } else if (tag === 2) {
      ofScope.push(readSpan(field, resource));
    }
  });
  for (const span of ofScope) {
    span.scopeName = scope.name;
    span.scopeVersion = scope.version;
    spans.push(span);
  }
};

const readScope = (input: Input, tag: number, scope: Scope): void => {
  if (tag === 1) {
    scope.name = readText(input);
  } else if (tag === 2) {
    scope.version = readText(input);
  }
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableSpan = Mutable<OtlpSpan> & {
  attributes: MutableAttributes;
  events: OtlpSpan["events"][number][];
  links: OtlpSpan["links"][number][];
};

const readSpan = (input: Input, resource: MutableAttributes): MutableSpan => {
  const span: MutableSpan = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    traceState: "",
    name: "",
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    attributes: new Map(),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
    resource,
    scopeName: "",
    scopeVersion: "",
  };
  readNested(input, (field, tag) => readSpanField(field, tag, span));
  return span;
};

const readSpanField = (input: Input, tag: number, span: MutableSpan): void => {
  switch (tag) {
    case 1:
      span.traceId = readHex(input);
      break;
    case 2:
      span.spanId = readHex(input);
      break;
    case 3:
      span.traceState = readText(input);
      break;
    case 4:
      span.parentSpanId = readHex(input);
      break;
    case 5:
      span.name = readText(input);
      break;
    case 6:
      span.kind = readCount(input);
      break;
    case 7:
      span.startNs = readFixed64(input);
      break;
    case 8:
      span.endNs = readFixed64(input);
      break;
    case 9:
      readAttribute(input, span.attributes);
      break;
    case 11:
      span.events.push(readEvent(input));
      break;
    case 13:
      span.links.push(readLink(input));
      break;
    case 15:
      readNested(input, (inner, innerTag) => readStatus(inner, innerTag, span));
      break;
    default:
  }
};

const readStatus = (input: Input, tag: number, span: MutableSpan): void => {
  if (tag === 2) {
    span.statusMessage = readText(input);
  } else if (tag === 3) {
    span.statusCode = readCount(input);
  }
};

const readEvent = (input: Input): OtlpSpan["events"][number] => {
  const event = { atNs: 0n, name: "", attributes: new Map<string, AttributeValue>() };
  readNested(input, (field, tag) => {
    if (tag === 1) {
      event.atNs = readFixed64(field);
    } else if (tag === 2) {
      event.name = readText(field);
    } else if (tag === 3) {
      readAttribute(field, event.attributes);
    }
  });
  return event;
};

const readLink = (input: Input): OtlpSpan["links"][number] => {
  const link = { traceId: "", spanId: "", traceState: "", attributes: new Map<string, AttributeValue>() };
  readNested(input, (field, tag) => {
    if (tag === 1) {
      link.traceId = readHex(field);
    } else if (tag === 2) {
      link.spanId = readHex(field);
    } else if (tag === 3) {
      link.traceState = readText(field);
    } else if (tag === 4) {
      readAttribute(field, link.attributes);
    }
  });
  return link;
};
