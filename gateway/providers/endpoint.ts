import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { joined } from "../joined.ts";
import type { AnswerSink, Exchange, ProviderRequest } from "./provider.ts";
import { failureOf } from "./provider-failure.ts";

/** What a connection to an endpoint needs. */
export interface EndpointArgs {
  readonly url: URL;
  /** Milliseconds that an idle connection is kept. */
  readonly keepAliveMs: number;
  /** Milliseconds to open a connection. */
  readonly connectMs: number;
}

/** A host that answers POST requests with JSON or an event stream, over kept-alive connections of HTTP/1.1. */
export interface Endpoint {
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly post: (post: Post, sink: AnswerSink) => Exchange;
  /** Lets go of its connections; answers under way are failed. */
  readonly close: () => Promise<void>;
}

/** One request to an endpoint. */
export interface Post {
  readonly path: string;
  /** As name and value in turn. */
  readonly headers: string[];
  readonly body: Buffer;
}

/** Opens an endpoint; no connection is made before the first request. */
export const openEndpoint = ({ url, keepAliveMs, connectMs }: EndpointArgs): Endpoint => {
  const pool = new Pool(url.origin, {
    connectTimeout: connectMs,
    keepAliveTimeout: keepAliveMs,
    // Closing a connection of its own is how an aborted call stops the provider at once; HTTP/2 would share it.
    allowH2: false,
    // The gateway watches the times itself, with its own clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    serverAddress: url.hostname,
    serverPort: url.port === "" ? defaultPort(url.protocol) : Number(url.port),
    post: ({ path, headers, body }, sink) => {
      const answer = new UndiciAnswer(sink);
      pool.dispatch({ path, method: "POST", headers, body }, answer);
      return answer;
    },
    close: () => pool.destroy(),
  };
};

/** What the headers of a provider depend on. */
export interface OwnHeaders {
  /** The key of its settings; undefined when it has none, or several. */
  readonly apiKey: string | undefined;
  /** The headers in which its kind sends a key. */
  readonly keyHeaders: (apiKey: string) => Readonly<Record<string, string>>;
  /** Further headers of its settings; they go before those of the key. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** More keys than a provider can have at once. */
const maxMade = 128;

/** Makes the headers of requests with the key of each; what all requests with one key share is made once. */
export const headerWriter = ({
  apiKey: own,
  keyHeaders,
  headers,
}: OwnHeaders): ((request: ProviderRequest) => string[]) => {
  const made = new Map<string | undefined, readonly string[]>();
  return (request) => {
    const apiKey = request.apiKey ?? own;
    const fixed = made.get(apiKey) ?? fixedHeaders({ ...(apiKey === undefined ? {} : keyHeaders(apiKey)), ...headers });
    // Keys that were taken out of the configuration are not kept for ever.
    if (made.size > maxMade) made.clear();
    made.set(apiKey, fixed);
    return headersOf(request, fixed);
  };
};

/** Headers that every request to an endpoint has; `own` is what the provider's kind and configuration add. */
export const fixedHeaders = (own: Readonly<Record<string, string>>): readonly string[] => [
  "content-type",
  "application/json",
  // Compressed answers could not be read on their way.
  "accept-encoding",
  "identity",
  ...Object.entries(own).flat(),
];

/** All headers of one request, as name and value in turn. */
export const headersOf = (request: ProviderRequest, fixed: readonly string[]): string[] => {
  const accept = request.chat.isStream ? "text/event-stream" : "application/json";
  const headers = [...fixed, "accept", accept, "traceparent", request.traceparent, ...request.headers];
  if (request.tracestate !== null) {
    headers.push("tracestate", request.tracestate);
  }
  return headers;
};

/** The path of an address without the slash at its end. */
export const basePath = (url: URL): string => url.pathname.replace(/\/$/, "");

const defaultPort = (protocol: string): number => (protocol === "https:" ? 443 : 80);

/**
 * One answer over undici's dispatcher: its callbacks are handed on as they are, without a stream in between. A provider that
 * writes each event of a stream as a chunk of its own does not make us handle each: what one read of the connection brings is
 * handed on at once, at the end of the turn.
 */
class UndiciAnswer implements Dispatcher.DispatchHandler, Exchange {
  readonly #sink: AnswerSink;
  /** What the present read has brought. */
  readonly #read: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #isAborted = false;
  #hasHead = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  abort(): void {
    this.#isAborted = true;
    this.#read.length = 0;
    this.#controller?.abort(new Error("aborted by the gateway"));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) {
      this.abort();
    }
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHeaders): void {
    // Statuses of 1xx announce an answer and are none.
    if (!this.#isAborted && status >= 200) {
      this.#hasHead = true;
      this.#sink.onHead(status, headers);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isAborted && this.#read.push(chunk) === 1) {
      process.nextTick(() => this.#handOn());
    }
  }

  onResponseEnd(): void {
    this.#handOn();
    if (!this.#isAborted) {
      this.#sink.onEnd();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#handOn();
    if (!this.#isAborted) {
      this.#sink.onFailure(failureOf(error, this.#hasHead));
    }
  }

  #handOn(): void {
    if (this.#read.length > 0) {
      const bytes = joined(this.#read);
      this.#read.length = 0;
      this.#sink.onChunk(bytes);
    }
  }
}

type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];
