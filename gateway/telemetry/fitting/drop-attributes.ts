import { plumbline } from "../../../core/attributes.ts";
import type { SpanAttribute } from "./span-fields.ts";
import { attributesOf, mapSpans, spansOf, withAttributes, withoutAttributes, withShortName } from "./span-fields.ts";

/** Longest name of a span that is kept, in characters. */
const nameCharacters = 128;
/** Attributes up to this length stay: the mark of a drop would take as much. */
const shortBytes = 256;
/** What a call belongs to: without them its numbers would count for somebody else. */
const kept: ReadonlySet<string> = new Set([plumbline.span, plumbline.tenant, plumbline.route]);

/**
 * Makes an `ExportTraceServiceRequest` fit by dropping attributes of variable length, the longest first, whichever span they
 * are of; each span names those that it lost. Span names are cut to 128 characters. Numbers always stay.
 */
export const dropAttributes = (request: Uint8Array, maxBytes: number): Uint8Array => {
  if (request.length <= maxBytes) {
    return request;
  }
  const renamed = mapSpans(request, (span) => withShortName(span, nameCharacters));
  const dropped = chooseDropped(renamed, maxBytes);
  return mapSpans(renamed, (span, index) => {
    const keys = dropped.get(index);
    return keys === undefined ? span : withMark(withoutAttributes(span, keys), keys);
  });
};

/** The attributes to drop, by the position of their span. */
const chooseDropped = (request: Uint8Array, maxBytes: number): ReadonlyMap<number, ReadonlySet<string>> => {
  const candidates = spansOf(request)
    .flatMap((bytes, span) => attributesOf(bytes).map((attribute) => ({ ...attribute, span })))
    .filter(isDroppable)
    .sort((a, b) => b.bytes - a.bytes);
  const dropped = new Map<number, Set<string>>();
  let { length } = request;
  for (const { key, bytes, span } of candidates) {
    if (length <= maxBytes) {
      break;
    }
    const keys = dropped.get(span);
    dropped.set(span, keys === undefined ? new Set([key]) : keys.add(key));
    length -= bytes - key.length - (keys === undefined ? markBytes : 1);
  }
  return dropped;
};

/** Bytes of a mark before its first name. */
const markBytes = 64;

const isDroppable = ({ key, bytes, isFixed }: SpanAttribute): boolean =>
  !isFixed && bytes > shortBytes && !kept.has(key) && key !== plumbline.attributesDropped;

const withMark = (span: Uint8Array, keys: ReadonlySet<string>): Uint8Array => {
  const earlier = attributesOf(span).find(({ key }) => key === plumbline.attributesDropped)?.text ?? null;
  const names = [...(earlier === null ? [] : [earlier]), ...keys].join(",");
  const unmarked = withoutAttributes(span, new Set([plumbline.attributesDropped]));
  return withAttributes(unmarked, { [plumbline.attributesDropped]: names });
};
