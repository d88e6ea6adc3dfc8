import { messageOf, PlumblineError } from "../core/errors.ts";
import type { AttributeValue, OtlpSpan } from "./otlp-span.ts";
import type { Input } from "./protobuf.ts";
import {
  inputOf,
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
    readMessage(inputOf(bytes), bytes.length, (field, tag) => tag === 1 && readResourceSpans(field, spans));
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
const readResourceSpans = (input: Input, spans: OtlpSpan[]): void => {
  const resource: MutableAttributes = new Map();
  readNested(input, (field, tag) => {
    if (tag === 1) {
      readNested(field, (inner, innerTag) => innerTag === 1 && readKeyValue(inner, resource));
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
      readKeyValue(input, span.attributes);
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
      readKeyValue(field, event.attributes);
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
      readKeyValue(field, link.attributes);
    }
  });
  return link;
};

const readKeyValue = (input: Input, into: MutableAttributes): void => {
  let key = "";
  let value: AttributeValue = null;
  readNested(input, (field, tag) => {
    if (tag === 1) {
      key = readText(field);
    } else if (tag === 2) {
      value = readAnyValue(field);
    }
  });
  into.set(key, value);
};

const readAnyValue = (input: Input): AttributeValue => {
  let value: AttributeValue = null;
  readNested(input, (field, tag) => {
    value = readValueField(field, tag) ?? value;
  });
  return value;
};

const readValueField = (input: Input, tag: number): AttributeValue | undefined => {
  switch (tag) {
    case 1:
      return readText(input);
    case 2:
      return readCount(input) !== 0;
    case 3:
      return readInt64(input);
    case 4:
      return readDouble(input);
    case 5:
      return readArray(input);
    case 6:
      return readMap(input);
    case 7:
      return readBase64(input);
    default:
      return undefined;
  }
};

const readArray = (input: Input): readonly AttributeValue[] => {
  const values: AttributeValue[] = [];
  readNested(input, (field, tag) => {
    if (tag === 1) {
      values.push(readAnyValue(field));
    }
  });
  return values;
};

const readMap = (input: Input): AttributeValue => {
  const entries: MutableAttributes = new Map();
  readNested(input, (field, tag) => tag === 1 && readKeyValue(field, entries));
  return Object.fromEntries(entries);
};
