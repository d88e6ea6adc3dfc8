import { isRecord } from "./is-record.ts";
import { providerErrorType } from "./provider-error-type.ts";
import type { ResponseHeaders } from "./providers/provider.ts";

/** An error as a provider answered with it. */
export interface ProviderError {
  /** A name of few values; `_OTHER` when the provider gives none. */
  readonly errorType: string;
  /** Empty when the provider gives none. */
  readonly message: string;
}

/** The header in which Amazon names the error that a body of `{"message"}` describes. */
const amazonType = "x-amzn-errortype";

/** The error of an answer with an error status, in whichever format the provider speaks. */
export const providerErrorOf = ({ headers }: { readonly headers: ResponseHeaders }, parsed: unknown): ProviderError => {
  const body = isRecord(parsed) ? parsed : {};
  const { error } = body;
  const named = headers[amazonType];
  if (error === undefined && typeof named === "string") {
    return { errorType: named.split(":")[0] || "_OTHER", message: textOf(body["message"] ?? body["Message"]) };
  }
  const message = isRecord(error) ? error["message"] : (body["message"] ?? error);
  return { errorType: providerErrorType(error), message: textOf(message) };
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
