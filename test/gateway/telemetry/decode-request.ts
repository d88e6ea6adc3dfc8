import { PbfReader } from "pbf";

type Value = string | number | boolean | readonly Value[] | null;

/** A span as a test compares it. */
export interface DecodedSpan {
  readonly resource: Readonly<Record<string, Value>>;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  /** Nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly statusCode: number;
  readonly flags: number;
}

interface SpanFields {
  ids: Record<number, string>;
  texts: Record<number, string>;
  times: Record<number, bigint>;
  attributes: Record<string, Value>;
  kind: number;
  statusCode: number;
  flags: number;
}

/** Decodes an OTLP protobuf `ExportTraceServiceRequest` into its spans, in order. */
export const decodeRequest = (bytes: Uint8Array): readonly DecodedSpan[] =>
  new PbfReader(bytes).readFields<DecodedSpan[]>((tag, spans, pbf) => {
    if (tag === 1) {
      spans.push(...pbf.readMessage(readResourceSpans, { resource: {}, spans: [] }).spans);
    }
  }, []);

/** The numbers `plumbline.gateway.seq` of the calls in some requests, in order. */
export const sequencesOf = (requests: readonly { readonly value: Uint8Array }[]): readonly Value[] =>
  requests
    .flatMap(({ value }) => decodeRequest(value))
    .flatMap(({ attributes }) => attributes["plumbline.gateway.seq"] ?? []);

/** The ids of the calls in some requests, in order. */
export const callIdsOf = (requests: readonly { readonly value: Uint8Array }[]): readonly string[] =>
  requests
    .flatMap(({ value }) => decodeRequest(value))
    .filter(({ attributes }) => attributes["plumbline.span"] === "call")
    .map(({ spanId }) => spanId);

interface ResourceSpans {
  resource: Record<string, Value>;
  spans: DecodedSpan[];
}

const readResourceSpans = (tag: number, into: ResourceSpans, pbf: PbfReader): void => {
  if (tag === 1) {
    pbf.readMessage((field, resource, inner) => readAttribute(field === 1, resource, inner), into.resource);
  } else if (tag === 2) {
    const scope = pbf.readMessage(readScopeSpans, { name: "", spans: [] });
    into.spans.push(...scope.spans.map((span) => ({ ...toSpan(span), resource: into.resource, scope: scope.name })));
  }
};

const readScopeSpans = (tag: number, into: { name: string; spans: SpanFields[] }, pbf: PbfReader): void => {
  if (tag === 1) {
    pbf.readMessage((field, scope, inner) => {
      scope.name += field === 1 ? inner.readString() : "";
    }, into);
  } else if (tag === 2) {
    const empty = { ids: {}, texts: {}, times: {}, attributes: {}, kind: 0, statusCode: 0, flags: 0 };
    into.spans.push(pbf.readMessage(readSpan, empty));
  }
};

const readSpan = (tag: number, span: SpanFields, pbf: PbfReader): void => {
  if (tag === 1 || tag === 2 || tag === 4) {
    span.ids[tag] = Buffer.from(pbf.readBytes()).toString("hex");
  } else if (tag === 3 || tag === 5) {
    span.texts[tag] = pbf.readString();
  } else if (tag === 6) {
    span.kind = pbf.readVarint();
  } else if (tag === 7 || tag === 8) {
    span.times[tag] = BigInt(pbf.readFixed32()) + (BigInt(pbf.readFixed32()) << 32n);
  } else if (tag === 9) {
    readAttribute(true, span.attributes, pbf);
  } else if (tag === 15) {
    pbf.readMessage((field, status, inner) => {
      status.statusCode += field === 3 ? inner.readVarint() : 0;
    }, span);
  } else if (tag === 16) {
    span.flags = pbf.readFixed32();
  }
};

const toSpan = ({ ids, texts, times, ...span }: SpanFields) => ({
  traceId: ids[1] ?? "",
  spanId: ids[2] ?? "",
  parentSpanId: ids[4] ?? "",
  traceState: texts[3] ?? "",
  name: texts[5] ?? "",
  startNs: times[7] ?? 0n,
  endNs: times[8] ?? 0n,
  ...span,
});

const readAttribute = (isAttribute: boolean, into: Record<string, Value>, pbf: PbfReader): void => {
  if (!isAttribute) {
    return;
  }
  const pair = pbf.readMessage<{ key: string; value: Value }>(
    (tag, found, inner) => {
      if (tag === 1) {
        found.key = inner.readString();
      } else if (tag === 2) {
        found.value = readValue(inner);
      }
    },
    { key: "", value: null },
  );
  into[pair.key] = pair.value;
};

const readValue = (pbf: PbfReader): Value =>
  pbf.readMessage<{ value: Value }>(
    (tag, found, inner) => {
      if (tag === 1) {
        found.value = inner.readString();
      } else if (tag === 2) {
        found.value = inner.readBoolean();
      } else if (tag === 3) {
        found.value = inner.readVarint(true);
      } else if (tag === 4) {
        found.value = inner.readDouble();
      } else if (tag === 5) {
        found.value = inner.readMessage<Value[]>((_item, items, each) => {
          items.push(readValue(each));
        }, []);
      }
    },
    { value: null },
  ).value;
