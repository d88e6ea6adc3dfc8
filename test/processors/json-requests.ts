import { PlumblineError } from "../../core/errors.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import type { AttributeValue } from "../../processors/otlp-span.ts";

/** What decoding throws; null when it does not. */
export const errorOf = (act: () => unknown): unknown => {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
};

/** Whether that was nothing, or the one error that bytes may lead to. */
export const isExpected = (error: unknown): boolean =>
  error === null || (error instanceof PlumblineError && error.code === "span.undecodable");

/** The bytes of any JSON. */
export const jsonOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** A request whose second span is this. */
export const ofSpan = (span: object): unknown => ({ resourceSpans: [{ scopeSpans: [{ spans: [{}, span] }] }] });
/** A request whose second span has this as the value of an attribute. */
export const ofValue = (value: unknown): unknown => ofSpan({ attributes: [{ key: "k", value }] });

/** What such a value decodes to. */
export const attributeOf = (value: unknown): AttributeValue | undefined =>
  decodeSpans(jsonOf(ofValue(value)))[1]?.attributes.get("k");
