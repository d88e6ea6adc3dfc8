import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { headerOf } from "./http-access.ts";

/** A body that has more bytes than it may, after decompression. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** A body that is compressed in a way that is not served. */
export class UnknownEncoding extends Error {
  override readonly name = "UnknownEncoding";
}

/**
 * The body of a request, decompressed, piece by piece; it throws `BodyTooLarge` at the first byte beyond `maxBytes`, and when
 * the body does not come to its end.
 */
export async function* bodyOf(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer, void> {
  let length = 0;
  for await (const chunk of decompressed(request)) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) {
      throw new BodyTooLarge(`a body may have ${maxBytes} bytes`);
    }
    yield bytes;
  }
}

const decompressed = (request: IncomingMessage): Readable => {
  const encoding = headerOf(request, "content-encoding") ?? "identity";
  switch (encoding) {
    case "identity":
      return request;
    case "gzip":
      return pipeline(request, createGunzip(), () => {});
    case "deflate":
      return pipeline(request, createInflate(), () => {});
    case "zstd":
      return pipeline(request, createZstdDecompress(), () => {});
    default:
      throw new UnknownEncoding(`Content-Encoding ${encoding} is not served: use gzip, deflate, zstd or none`);
  }
};
