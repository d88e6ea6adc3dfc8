import type { ChatRequest } from "../chat-request.ts";
import type { WireName } from "../wires/wire-name.ts";

/** A call as a provider gets it. */
export interface ProviderRequest {
  readonly chat: ChatRequest;
  /** The format of the bytes, and of the answer: one of those that the provider speaks. */
  readonly wire: WireName;
  /** The bytes to send. It must not change until the answer has ended. */
  readonly body: Buffer;
  /** The model asked for: that of the target, or that of the caller. */
  readonly model: string;
  readonly callId: string;
  readonly traceparent: string;
  /** Null when there is none. */
  readonly tracestate: string | null;
  /** Headers of the caller that are passed on, as name and value in turn. */
  readonly headers: readonly string[];
  /** The key to send, as it is configured now; null means the credential of the settings that it was made with, if it has one. */
  readonly apiKey: string | null;
}

/** Headers of an answer, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Why an answer did not come, or did not come whole. */
export interface ProviderFailure {
  /** `cut` is a failure after the head of the answer. */
  readonly kind: "unreachable" | "timeout" | "cut";
  /** A name of few values, such as ECONNREFUSED. */
  readonly errorType: string;
}

/**
 * Takes an answer as it arrives: one head, chunks, and then one end or failure. Nothing is called after `abort`; a failure
 * may be called before `send` returns. The sink owns the chunks.
 */
export interface AnswerSink {
  readonly onHead: (status: number, headers: ResponseHeaders) => void;
  readonly onChunk: (chunk: Buffer) => void;
  readonly onEnd: () => void;
  readonly onFailure: (failure: ProviderFailure) => void;
}

/** An answer under way. */
export interface Exchange {
  /** Lets go of the answer at once; a connection it came over is closed, so that the provider stops. */
  readonly abort: () => void;
  /** Asks for no further chunks until `resume`; a few may still come. */
  readonly pause: () => void;
  readonly resume: () => void;
}

/** The provider port: sends a request somewhere, in a format spoken there, and hands back the bytes of the answer. */
export interface Provider {
  /** The formats it speaks; of several for one operation, the first is the one that other formats are translated to. */
  readonly wires: readonly WireName[];
  /** Value of `gen_ai.provider.name` for a request. */
  readonly providerName: (chat: ChatRequest) => string;
  /** Host it is reached at; null when it answers within this process. */
  readonly serverAddress: string | null;
  readonly serverPort: number | null;
  /** Whether `stream_options.include_usage` may be asked of it. */
  readonly canStreamUsage: boolean;
  /** Whether it bills nothing more once its connection is closed; else an answer without a caller is read on to learn its cost. */
  readonly abortStopsBilling: boolean;
  readonly send: (request: ProviderRequest, sink: AnswerSink) => Exchange;
  /** Lets go of its connections; answers under way are failed. */
  readonly close: () => Promise<void>;
}
