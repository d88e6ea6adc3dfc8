import { retryAfterMs } from "../core/retry-after.ts";
import type { ReadVector } from "./embedder-answer.ts";
import { readAnswer } from "./embedder-answer.ts";
import type { EmbedderConfig } from "./embedder-config.ts";
import type { Failure } from "./embedder-rest.ts";

/** The part of `fetch` that asking for embeddings needs. */
export type Fetch = (
  url: string,
  init: {
    readonly method: "POST";
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<Pick<Response, "status" | "headers" | "body">>;

/** Why a whole request came to nothing. */
export type RequestProblem =
  | "unreachable"
  | "cut"
  | "refused"
  | "limited"
  | "server_error"
  | "too_large"
  | "malformed"
  | "wrong_count"
  | "wrong_index";

/** What became of a request: a vector for each text in their order, or why there is none. */
export type Embedded =
  | { readonly kind: "vectors"; readonly model: string | null; readonly vectors: readonly ReadVector[] }
  | ({ readonly kind: "failed"; readonly problem: RequestProblem } & Failure);

/** What a request is made with. */
export interface EmbeddingRequest {
  readonly fetch: Fetch;
  readonly config: EmbedderConfig;
  readonly key: string | null;
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch, for an answer that says until when it wants to be left alone. */
  readonly nowMs: number;
}

/** Characters that a number of a vector may take in JSON, with what is around it, and what else an answer may hold. */
const bytesOfNumber = 40;
const bytesBeside = 65_536;

/** Asks for the embeddings of some texts once. It never rejects, and what it says of a failure holds nothing that was sent or came. */
export const requestEmbeddings = async (request: EmbeddingRequest): Promise<Embedded> => {
  const { fetch, config, texts, signal } = request;
  let answer: Awaited<ReturnType<Fetch>>;
  try {
    answer = await fetch(`${config.baseUrl.replace(/\/+$/, "")}/embeddings`, {
      method: "POST",
      headers: headersOf(request),
      body: bodyOf(config, texts),
      redirect: "manual",
      signal,
    });
  } catch (error) {
    return failed("unreachable", `it could not be reached${codeOf(error)}`);
  }
  try {
    if (answer.status !== 200) {
      // Nobody reads what it says, which may repeat a text; a connection with an unread answer could not be used again.
      await answer.body?.cancel();
      return refusalOf(answer, request.nowMs);
    }
    const limit = texts.length * config.dimensions * bytesOfNumber + bytesBeside;
    const bytes = await readBounded(answer.body, limit);
    if (bytes === null) {
      return failed("too_large", `its answer has more than ${limit} bytes`);
    }
    const read = readAnswer(bytes, { count: texts.length, dimensions: config.dimensions });
    return read.kind === "vectors" ? read : failed(read.kind, answerSays[read.kind]);
  } catch (error) {
    return failed("cut", `its answer ended early${codeOf(error)}`);
  }
};

const answerSays = {
  malformed: "its answer is not in the form of OpenAI's embeddings",
  wrong_count: "it sent another number of vectors than there were texts",
  wrong_index: "the indexes of its vectors are not those of the texts",
} as const;

const headersOf = ({ key }: EmbeddingRequest): Record<string, string> => ({
  "content-type": "application/json",
  "user-agent": "plumbline",
  ...(key === null ? {} : { authorization: `Bearer ${key}` }),
});

const bodyOf = ({ model, dimensions, asksDimensions }: EmbedderConfig, texts: readonly string[]): string =>
  JSON.stringify({ model, input: texts, encoding_format: "float", ...(asksDimensions ? { dimensions } : {}) });

const refusalOf = ({ status, headers }: Pick<Response, "status" | "headers">, nowMs: number): Embedded => {
  const afterMs = retryAfterMs(headers.get("retry-after"), nowMs);
  const problem = status === 429 ? "limited" : status >= 500 ? "server_error" : "refused";
  return { kind: "failed", problem, says: `it answered with status ${status}`, afterMs };
};

const failed = (problem: RequestProblem, says: string): Embedded => ({ kind: "failed", problem, says, afterMs: null });

/** The code of what went wrong below HTTP; the message of an error may hold a header. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `: ${code}` : "";
};

/** The bytes of a body; null when they are more than `limit`, and then the rest is not read. */
const readBounded = async (body: Response["body"], limit: number): Promise<Buffer | null> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limit) {
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
