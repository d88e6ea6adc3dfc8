import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf } from "../core/errors.ts";

/** An answer of the endpoint. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly isGzip: boolean;
}

/** ClickHouse's error code READONLY. */
export const readOnlyCode = 164;

/** A short answer in plain text; one that begins with `Code: N.` is an error of ClickHouse and says so in a header. */
export const textAnswer = (status: number, text: string): HttpAnswer => {
  const code = codeOf(text);
  return {
    status,
    headers: {
      "Content-Type": "text/plain; charset=UTF-8",
      ...(code === null ? {} : { "X-ClickHouse-Exception-Code": code }),
    },
    body: Buffer.from(text),
    isGzip: false,
  };
};

/** An error as ClickHouse words it: its number, what is wrong, and its name. */
export const engineError = (
  status: number,
  error: { readonly code: number; readonly name: string; readonly text: string },
): HttpAnswer => textAnswer(status, `Code: ${error.code}. DB::Exception: ${error.text}. (${error.name})\n`);

/** The answer to what was thrown, with the status that ClickHouse gives such an error. */
export const thrownAnswer = (error: unknown): HttpAnswer => {
  const message = engineMessage(error);
  return textAnswer(statusOf(Number(codeOf(message))), `${message}\n`);
};

const codeOf = (text: string): string | null => /^Code: (\d+)/.exec(text)?.[1] ?? null;

/** The engine's message as the real server words it. */
const engineMessage = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
  return codeOf(cause) === null ? `Code: 1002. DB::Exception: ${messageOf(error)}` : cause;
};

const statusOf = (code: number): number => {
  if (code === readOnlyCode) {
    return 403;
  }
  return code === 60 || code === 81 ? 404 : 400;
};

const compress = promisify(gzip);

/** Sends an answer, compressed where it should be. */
export const send = async (response: ServerResponse, answer: HttpAnswer): Promise<void> => {
  const body = answer.isGzip ? await compress(answer.body) : answer.body;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.isGzip ? { "Content-Encoding": "gzip" } : {}),
    "Content-Length": body.length,
  });
  response.end(body);
};
