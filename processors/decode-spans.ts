import { messageOf, PlumblineError } from "../core/errors.ts";
import { decodeSpansJson } from "./decode-spans-json.ts";
import { decodeSpansProtobuf } from "./decode-spans-protobuf.ts";
import type { OtlpSpan } from "./otlp-span.ts";

/**
 * Decodes an OTLP `ExportTraceServiceRequest`, in protobuf or JSON, to its spans in order. The content type decides which,
 * and where it names neither, the first byte. Throws `span.undecodable` when the bytes are anything else.
 */
export const decodeSpans = (bytes: Uint8Array, contentType?: string): readonly OtlpSpan[] => {
  try {
    return isJson(bytes, contentType) ? decodeSpansJson(bytes) : decodeSpansProtobuf(bytes);
  } catch (error) {
    throw new PlumblineError("span.undecodable", `not an OTLP trace request: ${messageOf(error)}`, { cause: error });
  }
};

/** `{`, which in protobuf would begin a group, of which OTLP has none. */
const brace = 0x7b;

const isJson = (bytes: Uint8Array, contentType: string | undefined): boolean =>
  contentType === undefined ? bytes[0] === brace : (jsonByType(contentType) ?? bytes[0] === brace);

/** Whether a content type is that of OTLP/JSON; null when it is of neither encoding. */
const jsonByType = (contentType: string): boolean | null => {
  const [type = ""] = contentType.toLowerCase().split(";", 1);
  switch (type.trim()) {
    case "application/json":
      return true;
    case "application/x-protobuf":
    case "application/protobuf":
      return false;
    default:
      return null;
  }
};
