import { bytesField, fieldsOf, fieldValue, mapFields, varintField, withLength, withVarint } from "./protobuf-fields.ts";

/** Field numbers of OTLP's messages (opentelemetry/proto/trace/v1 and common/v1). */
const spanPath = [1, 2, 2] as const;
const nameField = 5;
const attributesField = 9;
const keyField = 1;
const valueField = 2;
const stringValue = 1;
const intValue = 3;

/** An attribute of a span as it is encoded. */
export interface SpanAttribute {
  readonly key: string;
  readonly bytes: number;
  /** Its value when that is text; null otherwise. */
  readonly text: string | null;
  /** Its value when that is a whole number; null otherwise. */
  readonly count: number | null;
  /** A value of fixed length: a number or a truth value. */
  readonly isFixed: boolean;
}

/** The spans of an `ExportTraceServiceRequest`, in order. */
export const spansOf = (request: Uint8Array): readonly Uint8Array[] =>
  spanPath.reduce<readonly Uint8Array[]>(
    (messages, number) =>
      messages.flatMap((message) =>
        fieldsOf(message)
          .filter((field) => field.number === number)
          .map((field) => fieldValue(message, field)),
      ),
    [request],
  );

/** The request with every span mapped; `index` is the position that the span has in `spansOf`. */
export const mapSpans = (request: Uint8Array, map: (span: Uint8Array, index: number) => Uint8Array): Uint8Array => {
  let next = 0;
  const mapNext = (span: Uint8Array): Uint8Array => {
    next += 1;
    return map(span, next - 1);
  };
  const [resourceSpans, scopeSpans, spans] = spanPath;
  return mapFields(request, resourceSpans, (resource) =>
    mapFields(resource, scopeSpans, (scope) => mapFields(scope, spans, mapNext)),
  );
};

/** The attributes of a span, in order. */
export const attributesOf = (span: Uint8Array): readonly SpanAttribute[] =>
  fieldsOf(span)
    .filter(({ number }) => number === attributesField)
    .map((field) => readAttribute(fieldValue(span, field)));

/** The span without the attributes of some names. */
export const withoutAttributes = (span: Uint8Array, keys: ReadonlySet<string>): Uint8Array =>
  mapFields(span, attributesField, (attribute) => (keys.has(keyOf(attribute)) ? null : attribute));

/** The span with further attributes; those that are null are left out. */
export const withAttributes = (
  span: Uint8Array,
  attributes: Readonly<Record<string, string | number | null>>,
): Uint8Array =>
  Buffer.concat([
    span,
    ...Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [encodeAttribute(key, value)])),
  ]);

/** The span with its name cut to some characters. */
export const withShortName = (span: Uint8Array, maxCharacters: number): Uint8Array =>
  mapFields(span, nameField, (name) =>
    name.length <= maxCharacters
      ? name
      : Buffer.from(Buffer.from(name).toString("utf8").slice(0, maxCharacters).toWellFormed()),
  );

const keyOf = (attribute: Uint8Array): string => textOf(bytesField(attribute, keyField));

const readAttribute = (attribute: Uint8Array): SpanAttribute => {
  const value = bytesField(attribute, valueField) ?? new Uint8Array();
  const text = bytesField(value, stringValue);
  return {
    key: keyOf(attribute),
    bytes: attribute.length,
    text: text === null ? null : textOf(text),
    count: varintField(value, intValue),
    isFixed: fieldsOf(value).every(({ wireType }) => wireType !== 2),
  };
};

const encodeAttribute = (key: string, value: string | number): Uint8Array => {
  const content = typeof value === "string" ? withLength(stringValue, Buffer.from(value)) : withVarint(intValue, value);
  return withLength(
    attributesField,
    Buffer.concat([withLength(keyField, Buffer.from(key)), withLength(valueField, content)]),
  );
};

const textOf = (bytes: Uint8Array | null): string => (bytes === null ? "" : Buffer.from(bytes).toString("utf8"));
