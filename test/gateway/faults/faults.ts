import type { ServerResponse } from "node:http";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson, startStream } from "../support/mock-upstream.ts";
import { completion, delta, done } from "../support/openai-bytes.ts";

/** What an upstream does wrong, and what is to come of it. */
export interface Fault {
  readonly name: string;
  /** How the upstream behaves; a name stands for one that cannot be reached in this way. */
  readonly upstream: UpstreamScript | "refused" | "unknown_name" | "no_tls";
  /** What the attempt that meets it records; of whole answers where they differ. */
  readonly stream: FaultRecord;
  readonly whole: FaultRecord;
  /** What a caller without another target gets. */
  readonly alone: { readonly stream: AloneAnswer; readonly whole: AloneAnswer };
}

/** How an attempt is recorded. */
export interface FaultRecord {
  readonly outcome: string;
  readonly errorType: string | RegExp;
}

/** A status, and the code of the error in the body, or in the last event of a stream; null where the bytes are the upstream's own. */
export interface AloneAnswer {
  readonly status: number;
  readonly code: string | null;
}

const role = delta({ role: "assistant", content: "" });
const isStream = (body: Buffer): boolean => body.includes('"stream":true');
const error = (type: string): object => ({ error: { message: "no", type, param: null, code: null } });
const both = <T>(each: T): { readonly stream: T; readonly whole: T } => ({ stream: each, whole: each });

/** The head of a whole answer that promises more than comes. */
const startWhole = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.flushHeaders();
};

const begin =
  (thenStream: (response: ServerResponse) => void, thenWhole: (response: ServerResponse) => void): UpstreamScript =>
  (response, { body }) => {
    if (isStream(body)) {
      startStream(response);
      thenStream(response);
    } else {
      startWhole(response);
      thenWhole(response);
    }
  };

const status = (code: number, headers: Readonly<Record<string, string>> = {}): UpstreamScript =>
  answerJson(error("server_error"), code, headers);

const badGateway = both({ status: 502, code: "provider.unreachable" });
const unreachable = (errorType: string | RegExp) => both({ outcome: "provider_error", errorType });
const answered = (code: number) => ({
  ...both({ outcome: code === 429 ? "rate_limited" : "provider_error", errorType: "server_error" }),
  alone: both({ status: code, code: null }),
});
const timedOut = { outcome: "timeout", errorType: "content_timeout" } as const;
const late = { alone: both({ status: 504, code: "provider.timeout" }), ...both(timedOut) };
const cut = { outcome: "upstream_cut", errorType: "UND_ERR_SOCKET" } as const;

/** The faults of an upstream that come before any content: another target can make each of them good. */
export const faultsBeforeContent: readonly Fault[] = [
  { name: "connect refused", upstream: "refused", ...unreachable("ECONNREFUSED"), alone: badGateway },
  { name: "DNS failure", upstream: "unknown_name", ...unreachable(/^(ENOTFOUND|EAI_AGAIN)$/), alone: badGateway },
  { name: "TLS failure", upstream: "no_tls", ...unreachable(/^(ERR_SSL_|EPROTO|ECONNRESET)/), alone: badGateway },
  { name: "429 without Retry-After", upstream: status(429), ...answered(429) },
  { name: "429 with Retry-After", upstream: status(429, { "retry-after": "5" }), ...answered(429) },
  { name: "500", upstream: status(500), ...answered(500) },
  { name: "503", upstream: status(503), ...answered(503) },
  { name: "hang", upstream: () => {}, ...late },
  {
    name: "slow first byte",
    upstream: begin(
      (response) => void response.write(role),
      (response) => void response.write(" "),
    ),
    ...late,
    alone: { stream: { status: 200, code: "provider.timeout" }, whole: { status: 504, code: "provider.timeout" } },
  },
  {
    name: "cut before content",
    upstream: begin(
      (response) => void response.write(role, () => response.destroy()),
      (response) => void response.write("{", () => response.destroy()),
    ),
    ...both(cut),
    alone: { stream: { status: 200, code: "provider.cut" }, whole: { status: 502, code: "provider.cut" } },
  },
  {
    name: "malformed first chunk",
    upstream: (response, { body }) => {
      if (!isStream(body)) return answerJson(completion("x"))(response, { url: "", headers: {}, body });
      startStream(response);
      response.end(`data: {"choices":[{\n\n${role}${done}`);
    },
    stream: { outcome: "provider_error", errorType: "malformed_chunk" },
    whole: { outcome: "ok", errorType: "" },
    alone: both({ status: 200, code: null }),
  },
  {
    name: "empty 200",
    upstream: (response, { body }) => {
      response.writeHead(200, { "content-type": isStream(body) ? "text/event-stream" : "application/json" });
      response.end();
    },
    stream: { outcome: "upstream_cut", errorType: "incomplete" },
    whole: { outcome: "provider_error", errorType: "malformed_answer" },
    alone: { stream: { status: 200, code: "provider.cut" }, whole: { status: 200, code: null } },
  },
  {
    name: "wrong content type",
    upstream: (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>busy</html>");
    },
    ...both({ outcome: "provider_error", errorType: "malformed_answer" }),
    alone: both({ status: 200, code: null }),
  },
  {
    name: "partial JSON",
    upstream: (response, { body }) => {
      response.writeHead(200, { "content-type": isStream(body) ? "text/event-stream" : "application/json" });
      response.end(isStream(body) ? 'data: {"choices":[{"delta"' : '{"choices":[{"mess');
    },
    stream: { outcome: "upstream_cut", errorType: "incomplete" },
    whole: { outcome: "provider_error", errorType: "malformed_answer" },
    alone: { stream: { status: 200, code: "provider.cut" }, whole: { status: 200, code: null } },
  },
];
