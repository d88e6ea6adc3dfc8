import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Reply } from "./reply.ts";
import { errorReply } from "./reply.ts";

/** A request as somebody else's part of the server gets it. */
export interface ExtraRequest {
  readonly method: string;
  /** Path without the query, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty where there was none. */
  readonly body: Buffer;
}

/** Answers what belongs to another part of the system, on the same port; null leaves it to the server. */
export type Extra = (request: ExtraRequest) => Promise<Reply | null>;

/** Most bytes of a body: a storm of some thousand alerts. Whoever takes it may want less. */
const maxBytes = 4_194_304;

/** Hands a request on, with its body; a body above 4 MiB is not read to its end, and is nobody's. */
export const answerExtra = async (extra: Extra, request: IncomingMessage, url: URL): Promise<Reply | null> => {
  const body = await readBody(request);
  return body === null
    ? {
        ...errorReply(413, "http.too_large", `The body has more than ${maxBytes} bytes.`),
        headers: { connection: "close" },
      }
    : extra({
        method: request.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
      });
};

/** The body of a request; null when it is too large. */
const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // An iteration that ends early must leave the connection open for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) {
      return null;
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};
