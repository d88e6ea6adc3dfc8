import { genAi, plumbline } from "../../../core/attributes.ts";
import { cutMessages } from "./cut-messages.ts";
import { dropAttributes } from "./drop-attributes.ts";
import type { SpanAttribute } from "./span-fields.ts";
import { attributesOf, mapSpans, spansOf, withAttributes, withoutAttributes } from "./span-fields.ts";

/** A call's request, made to fit. */
export interface FittedCall {
  /** The bytes given, where they fit. */
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** Bytes that the marks and the headers of both texts take at most. */
const markBytes = 256;

const contentKeys: ReadonlySet<string> = new Set([
  genAi.inputMessages,
  genAi.outputMessages,
  plumbline.inputCutBytes,
  plumbline.outputCutBytes,
]);

/**
 * Makes the `ExportTraceServiceRequest` of one call fit into `maxBytes`. First its text is cut, both lists alike; when that
 * is not enough, the text goes altogether; then attributes of variable length go, the longest first. Each step leaves a mark
 * in the call's span. Numbers, times and ids always stay, so that the result can be longer than `maxBytes` all the same.
 */
export const fitCall = (request: Uint8Array, maxBytes: number): FittedCall => {
  if (request.length <= maxBytes) {
    return { bytes: request, isCut: false };
  }
  const attributes = spansOf(request).flatMap(attributesOf);
  const input = contentOf(attributes, genAi.inputMessages, plumbline.inputCutBytes);
  const output = contentOf(attributes, genAi.outputMessages, plumbline.outputCutBytes);
  const bare = mapSpans(request, (span) => withoutAttributes(span, contentKeys));
  const texts = cutContent({ input, output }, maxBytes - bare.length - markBytes);
  const marked = mapSpans(bare, (span) => (isCall(span) ? withAttributes(span, texts) : span));
  return { bytes: dropAttributes(marked, maxBytes), isCut: true };
};

/** A list of messages, and how much of it an earlier cut has left out. */
interface Content {
  readonly json: string | null;
  readonly cutBytes: number;
}

/** What the spans hold of a list, by the names of its text and of its mark. */
const contentOf = (attributes: readonly SpanAttribute[], textKey: string, markKey: string): Content => ({
  json: attributes.find(({ key }) => key === textKey)?.text ?? null,
  cutBytes: attributes.find(({ key }) => key === markKey)?.count ?? 0,
});

/** Each list gets half of the room, and what the other one leaves of its half. */
const cutContent = (
  { input, output }: { readonly input: Content; readonly output: Content },
  room: number,
): Readonly<Record<string, string | number | null>> => {
  const half = Math.floor(room / 2);
  const inputRoom = Math.max(half, room - bytesOf(output));
  const cutInput = cut(input, inputRoom);
  const cutOutput = cut(output, room - bytesOf(cutInput));
  return {
    [genAi.inputMessages]: cutInput.json,
    [genAi.outputMessages]: cutOutput.json,
    [plumbline.inputCutBytes]: cutInput.cutBytes || null,
    [plumbline.outputCutBytes]: cutOutput.cutBytes || null,
  };
};

const cut = ({ json, cutBytes }: Content, maxBytes: number): Content => {
  if (json === null) {
    return { json, cutBytes };
  }
  const result = cutMessages(json, maxBytes);
  return { json: result.json, cutBytes: cutBytes + result.cutBytes };
};

const bytesOf = ({ json }: Content): number => (json === null ? 0 : Buffer.byteLength(json));

const isCall = (span: Uint8Array): boolean =>
  attributesOf(span).some(({ key, text }) => key === plumbline.span && text === "call");
