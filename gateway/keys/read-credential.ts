import type { IncomingHttpHeaders } from "node:http";

/** What a request may carry a key in. */
export interface CredentialCarrier {
  readonly headers: IncomingHttpHeaders;
  /** Whether `x-api-key` counts, as in Anthropic's API. */
  readonly takesApiKey: boolean;
}

/** The key that a request carries: its `x-api-key` where that counts, else its bearer token; null without any. */
export const readCredential = ({ headers, takesApiKey }: CredentialCarrier): string | null => {
  const apiKey = takesApiKey ? headers["x-api-key"] : undefined;
  if (typeof apiKey === "string") {
    return apiKey;
  }
  const { authorization } = headers;
  return authorization !== undefined && isBearer(authorization) ? authorization.slice(scheme.length).trim() : null;
};

const scheme = "bearer ";

const isBearer = (authorization: string): boolean => authorization.slice(0, scheme.length).toLowerCase() === scheme;
