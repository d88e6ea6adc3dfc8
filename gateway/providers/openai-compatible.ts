import type { Dispatcher } from "undici";
import { Pool } from "undici";
import type { AnswerSink, Exchange, Provider, ProviderRequest } from "./provider.ts";
import type { OpenAiConfig } from "./provider-config.ts";
import { failureOf } from "./provider-failure.ts";

/** What an endpoint needs besides its settings. */
export interface OpenAiDeps {
  /** Milliseconds to open a connection. */
  readonly connectMs: number;
}

/** Any endpoint that speaks OpenAI's chat completions, over kept-alive connections of HTTP/1.1. */
export const openAiCompatible = (config: OpenAiConfig, deps: OpenAiDeps): Provider => {
  const url = new URL(config.baseUrl);
  const path = `${url.pathname.replace(/\/$/, "")}/chat/completions${url.search}`;
  const fixed = fixedHeaders(config);
  const pool = new Pool(url.origin, {
    connectTimeout: deps.connectMs,
    keepAliveTimeout: config.keepAliveMs,
    // Closing a connection of its own is how an aborted call stops the provider at once; HTTP/2 would share it.
    allowH2: false,
    // The gateway watches the times itself, with its own clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    providerName: () => config.providerName,
    serverAddress: url.hostname,
    serverPort: url.port === "" ? defaultPort(url.protocol) : Number(url.port),
    canStreamUsage: config.streamUsage,
    send: (request, sink) => {
      const answer = new UndiciAnswer(sink);
      pool.dispatch({ path, method: "POST", headers: headersOf(request, fixed), body: request.body }, answer);
      return answer;
    },
    close: () => pool.destroy(),
  };
};

const defaultPort = (protocol: string): number => (protocol === "https:" ? 443 : 80);

const fixedHeaders = (config: OpenAiConfig): readonly string[] => [
  "content-type",
  "application/json",
  // Compressed answers could not be read on their way.
  "accept-encoding",
  "identity",
  ...(config.apiKey === undefined ? [] : ["authorization", `Bearer ${config.apiKey}`]),
  ...Object.entries(config.headers).flat(),
];

const headersOf = (request: ProviderRequest, fixed: readonly string[]): string[] => {
  const accept = request.chat.isStream ? "text/event-stream" : "application/json";
  const headers = [...fixed, "accept", accept, "traceparent", request.traceparent, ...request.headers];
  if (request.tracestate !== null) {
    headers.push("tracestate", request.tracestate);
  }
  return headers;
};

/** One answer over undici's dispatcher: its callbacks are handed on as they are, without a stream in between. */
class UndiciAnswer implements Dispatcher.DispatchHandler, Exchange {
  readonly #sink: AnswerSink;
  #controller: Dispatcher.DispatchController | null = null;
  #isAborted = false;
  #hasHead = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  abort(): void {
    this.#isAborted = true;
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
    if (!this.#isAborted) {
      this.#sink.onChunk(chunk);
    }
  }

  onResponseEnd(): void {
    if (!this.#isAborted) {
      this.#sink.onEnd();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#isAborted) {
      this.#sink.onFailure(failureOf(error, this.#hasHead));
    }
  }
}

type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];
