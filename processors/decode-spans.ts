import { PbfReader } from "pbf";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { AttributeValue, OtlpSpan } from "./otlp-span.ts";
import {
  readBase64,
  readCount,
  readDouble,
  readFixed64,
  readHex,
  readInt64,
  readMessage,
  readNested,
  readText,
} from "./protobuf.ts";

/**
 * Decodes the bytes of an OTLP `ExportTraceServiceRequest` (opentelemetry-proto 1.x, trace/v1) to its spans in order.
 * Throws `span.undecodable` when the bytes are anything else, truncated ones included; unknown fields are skipped.
 */
export const decodeSpans = (bytes: Uint8Array): readonly OtlpSpan[] => {
  const spans: OtlpSpan[] = [];
  try {
    const reader = new PbfReader(bytes);
    readMessage({ reader, end: bytes.length, onField: (field, tag) => tag === 1 && readResourceSpans(field, spans) });
    return spans;
  } catch (error) {
    throw new PlumblineError("span.undecodable", `not an OTLP trace request: ${messageOf(error)}`, { cause: error });
  }
};

interface Scope {
  name: string;
  version: string;
}

type MutableAttributes = Map<string, AttributeValue>;

/** A resource may stand after its spans on the wire, so the map is shared and filled while reading. */
const readResourceSpans = (reader: PbfReader, spans: OtlpSpan[]): void => {
  const resource: MutableAttributes = new Map();
  readNested(reader, (field, tag) => {
    if (tag === 1) {
      readNested(field, (inner, innerTag) => innerTag === 1 && readKeyValue(inner, resource));
    } else if (tag === 2) {
      readScopeSpans(field, resource, spans);
    }
  });
};

const readScopeSpans = (reader: PbfReader, resource: MutableAttributes, spans: OtlpSpan[]): void => {
  const scope: Scope = { name: "", version: "" };
  const first = spans.length;
  readNested(reader, (field, tag) => {
    if (tag === 1) {
      readNested(field, (inner, innerTag) => readScope(inner, innerTag, scope));
    } else if (tag === 2) {
      spans.push(readSpan(field, resource));
    }
  });
  for (let index = first; index < spans.length; index += 1) {
    const span = spans[index];
    if (span !== undefined) {
      spans[index] = { ...span, scopeName: scope.name, scopeVersion: scope.version };
    }
  }
};

const readScope = (reader: PbfReader, tag: number, scope: Scope): void => {
  if (tag === 1) {
    scope.name = readText(reader);
  } else if (tag === 2) {
    scope.version = readText(reader);
  }
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableSpan = Mutable<OtlpSpan> & {
  attributes: MutableAttributes;
  events: OtlpSpan["events"][number][];
  links: OtlpSpan["links"][number][];
};

const readSpan = (reader: PbfReader, resource: MutableAttributes): OtlpSpan => {
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
  readNested(reader, (field, tag) => readSpanField(field, tag, span));
  return span;
};

const readSpanField = (reader: PbfReader, tag: number, span: MutableSpan): void => {
  switch (tag) {
    case 1:
      span.traceId = readHex(reader);
      break;
    case 2:
      span.spanId = readHex(reader);
      break;
    case 3:
      span.traceState = readText(reader);
      break;
    case 4:
      span.parentSpanId = readHex(reader);
      break;
    case 5:
      span.name = readText(reader);
      break;
    case 6:
      span.kind = readCount(reader);
      break;
    case 7:
      span.startNs = readFixed64(reader);
      break;
    case 8:
      span.endNs = readFixed64(reader);
      break;
    case 9:
      readKeyValue(reader, span.attributes);
      break;
    case 11:
      span.events.push(readEvent(reader));
      break;
    case 13:
      span.links.push(readLink(reader));
      break;
    case 15:
      readNested(reader, (inner, innerTag) => readStatus(inner, innerTag, span));
      break;
    default:
  }
};

const readStatus = (reader: PbfReader, tag: number, span: MutableSpan): void => {
  if (tag === 2) {
    span.statusMessage = readText(reader);
  } else if (tag === 3) {
    span.statusCode = readCount(reader);
  }
};

const readEvent = (reader: PbfReader): OtlpSpan["events"][number] => {
  const event = { atNs: 0n, name: "", attributes: new Map<string, AttributeValue>() };
  readNested(reader, (field, tag) => {
    if (tag === 1) {
      event.atNs = readFixed64(field);
    } else if (tag === 2) {
      event.name = readText(field);
    } else if (tag === 3) {
      readKeyValue(field, event.attributes);
    }
  });
  return event;
};

const readLink = (reader: PbfReader): OtlpSpan["links"][number] => {
  const link = { traceId: "", spanId: "", traceState: "", attributes: new Map<string, AttributeValue>() };
  readNested(reader, (field, tag) => {
    if (tag === 1) {
      link.traceId = readHex(field);
    } else if (tag === 2) {
      link.spanId = readHex(field);
    } else if (tag === 3) {
      link.traceState = readText(field);
    } else if (tag === 4) {
      readKeyValue(field, link.attributes);
    }
  });
  return link;
};

const readKeyValue = (reader: PbfReader, into: MutableAttributes): void => {
  let key = "";
  let value: AttributeValue = null;
  readNested(reader, (field, tag) => {
    if (tag === 1) {
      key = readText(field);
    } else if (tag === 2) {
      value = readAnyValue(field);
    }
  });
  into.set(key, value);
};

const readAnyValue = (reader: PbfReader): AttributeValue => {
  let value: AttributeValue = null;
  readNested(reader, (field, tag) => {
    value = readValueField(field, tag) ?? value;
  });
  return value;
};

const readValueField = (reader: PbfReader, tag: number): AttributeValue | undefined => {
  switch (tag) {
    case 1:
      return readText(reader);
    case 2:
      return readCount(reader) !== 0;
    case 3:
      return readInt64(reader);
    case 4:
      return readDouble(reader);
    case 5:
      return readArray(reader);
    case 6:
      return readMap(reader);
    case 7:
      return readBase64(reader);
    default:
      return undefined;
  }
};

const readArray = (reader: PbfReader): readonly AttributeValue[] => {
  const values: AttributeValue[] = [];
  readNested(reader, (field, tag) => {
    if (tag === 1) {
      values.push(readAnyValue(field));
    }
  });
  return values;
};

const readMap = (reader: PbfReader): AttributeValue => {
  const entries: MutableAttributes = new Map();
  readNested(reader, (field, tag) => tag === 1 && readKeyValue(field, entries));
  return Object.fromEntries(entries);
};
