import type { ResponseHeaders } from "./providers/provider.ts";

/** Headers of an answer as Node writes them. */
export type OutgoingHeaders = Record<string, string | string[]>;

/** About one connection and not about the answer (RFC 9110, section 7.6.1). */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** About the provider's host: a caller would take them for the gateway's. */
const ofOrigin = ["set-cookie", "alt-svc", "strict-transport-security", "server-timing"];

/** The length is known anew once the gateway has the bytes it sends. */
const dropped: ReadonlySet<string> = new Set([...hopByHop, ...ofOrigin, "content-length"]);

/** The header that carries the call id, on every response. */
export const callIdHeader = "x-request-id";

/** The provider's own id of the request, which gives way to the call id. */
const providerIdHeader = "x-provider-request-id";

/** The provider's headers as the caller gets them. */
export const answerHeaders = (headers: ResponseHeaders, callId: string): OutgoingHeaders => {
  const listed = typeof headers["connection"] === "string" ? headers["connection"].toLowerCase().split(/[\s,]+/) : [];
  const out: OutgoingHeaders = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined && !dropped.has(name) && !listed.includes(name)) {
      out[name === callIdHeader ? providerIdHeader : name] = typeof value === "string" ? value : [...value];
    }
  }
  out[callIdHeader] = callId;
  return out;
};
