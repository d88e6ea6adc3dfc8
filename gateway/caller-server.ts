import type { RequestListener, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Meter } from "../core/instruments.ts";
import type { GatewayConfig } from "./config.ts";
import type { Refusal } from "./refusal.ts";
import { refusalError } from "./refusal.ts";
import { chatSurface } from "./surfaces/chat-surface.ts";

// An import reads all that the module exports, its WebSocket among them, for which Node loads its fetch: 14 MB by themselves.
const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");

/** Longer than the idle time of common load balancers, so that it is they who close an idle connection. */
const keepAliveMs = 75_000;

/** Makes the server that callers connect to. A request that never becomes whole is answered, counted and cut off. */
export const createCallerServer = (
  listener: RequestListener,
  { config, meter }: { readonly config: Pick<GatewayConfig, "callerTimeouts">; readonly meter: Meter },
): Server => {
  const { headersMs, requestMs } = config.callerTimeouts;
  const shorterMs = Math.min(headersMs, requestMs);
  /** The last answer on each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  const options = {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: shorterMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(shorterMs / 4)),
  };
  const server = createServer(options, (request, response) => {
    answers.set(request.socket, response);
    listener(request, response);
  });
  server.on("clientError", (error: Error, socket) => {
    const answer = answers.get(socket);
    const isAnswering = answer?.headersSent === true && !answer.writableFinished;
    const refusal = refusalOf(error, config.callerTimeouts);
    if (refusal !== null) meter.add("gatewayRejected", 1, { code: refusal.code });
    // Within an answer that has begun, bytes of another one would pass for its own.
    if (refusal === null || isAnswering || !socket.writable) {
      socket.destroy();
    } else {
      socket.end(answerOf(refusal, error), () => socket.destroy());
    }
  });
  return server;
};

/** What is wrong with a request that could not be read; null when the caller has merely gone away. */
const refusalOf = (error: Error, { requestMs }: GatewayConfig["callerTimeouts"]): Refusal | null => {
  const code = codeOf(error);
  switch (code) {
    case "ECONNRESET":
    case "EPIPE":
      return null;
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { code: "request.timeout", message: `The request did not come whole in ${requestMs} ms.`, param: null };
    case "HPE_HEADER_OVERFLOW":
      return { code: "request.too_large", message: "The headers of the request are too large.", param: null };
    default:
      return { code: "request.malformed", message: "This is no request of HTTP/1.1.", param: null };
  }
};

const codeOf = (error: Error): unknown => ("code" in error ? error.code : null);

/** The whole answer, because there is no request that a response could belong to. */
const answerOf = (refusal: Refusal, error: Error): string => {
  const known = refusalError(refusal);
  const status = codeOf(error) === "HPE_HEADER_OVERFLOW" ? 431 : known.status;
  const body = chatSurface.errorBody({ ...known, status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
};
