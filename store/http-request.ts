import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import type { RawQuery } from "./clickhouse.ts";
import type { EmbeddedStoreConfig } from "./config.ts";
import { headerOf, isNamedAsConfigured, isReader } from "./http-reader.ts";

/** An answer of the endpoint. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly isGzip: boolean;
}

/** A statement to run, or an answer that needs none. */
export type ParsedRequest =
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | {
      readonly kind: "query";
      readonly query: Omit<RawQuery, "signal">;
      /** Revision of the protocol whose Native format the client wants; 0 is the plain one. */
      readonly revision: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly isGzip: boolean;
    };

/** Bytes that a statement may have. */
const maxBodyBytes = 1_048_576;

/**
 * Settings that readers may set; others are ignored, as a server ignores what a profile fixes. None that switches a feature
 * on is among them: `eval()` runs text as SQL, past every check.
 */
const allowedSetting =
  /^(max_execution_time|max_result_rows|max_rows_to_read|max_threads|output_format_\w+|date_time_output_format|date_time_input_format|session_timezone|extremes|final|join_use_nulls)$/;

/** Parameters of the protocol itself. */
const defaultFormat = "TabSeparated";

/** Reads a request of ClickHouse's HTTP protocol; what cannot be served becomes an answer. */
export const parseRequest = async (
  request: IncomingMessage,
  config: EmbeddedStoreConfig["http"],
): Promise<ParsedRequest> => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/ping" || url.pathname === "/replicas_status") {
    return answer(200, "Ok.\n");
  }
  if (url.pathname !== "/" || (request.method !== "GET" && request.method !== "POST")) {
    return answer(404, "There is no handle here: ask with GET or POST on /\n");
  }
  if (!isNamedAsConfigured(request, config.host)) {
    return answer(
      403,
      "Code: 516. DB::Exception: this address answers only to its own name. (AUTHENTICATION_FAILED)\n",
    );
  }
  if (!isReader(request, { url, config })) {
    return answer(
      403,
      "Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no such user. (AUTHENTICATION_FAILED)\n",
    );
  }
  const body = await readBody(request);
  if (body === null) {
    return answer(
      413,
      `Code: 241. DB::Exception: a statement may have ${maxBodyBytes} bytes. (MEMORY_LIMIT_EXCEEDED)\n`,
    );
  }
  const sql = [url.searchParams.get("query") ?? "", body]
    .filter((part) => part !== "")
    .join("\n")
    .trim()
    .replace(/;\s*$/, "");
  if (sql === "") {
    return answer(200, "Ok.\n");
  }
  if (url.searchParams.get("compress") === "1") {
    return answer(501, notImplemented);
  }
  return queryOf(request, { url, sql });
};

const notImplemented =
  "Code: 48. DB::Exception: compress=1 is not served here: use gzip, or no compression. (NOT_IMPLEMENTED)\n";

const queryOf = (request: IncomingMessage, asked: { readonly url: URL; readonly sql: string }): ParsedRequest => {
  const parameters: Record<string, string> = {};
  const settings: Record<string, string> = {};
  for (const [name, value] of asked.url.searchParams) {
    if (/^param_\w+$/.test(name)) {
      parameters[name.slice("param_".length)] = value;
    } else if (allowedSetting.test(name)) {
      settings[name] = value;
    }
  }
  const named = /\bFORMAT\s+(\w+)\s*$/i.exec(asked.sql)?.[1];
  const format =
    asked.url.searchParams.get("default_format") ?? headerOf(request, "x-clickhouse-format") ?? defaultFormat;
  return {
    kind: "query",
    revision:
      (named ?? format) === "Native" ? Number(asked.url.searchParams.get("client_protocol_version") ?? 0) || 0 : 0,
    query: { sql: asked.sql, format: /^\w+$/.test(format) ? format : defaultFormat, parameters, settings },
    headers: { "Content-Type": contentType(named ?? format), "X-ClickHouse-Format": named ?? format },
    isGzip: wantsGzip(request, asked.url),
  };
};

/** As a server does: only when the client both allows it and sets the setting. */
const wantsGzip = (request: IncomingMessage, url: URL): boolean =>
  url.searchParams.get("enable_http_compression") === "1" &&
  (headerOf(request, "accept-encoding") ?? "").includes("gzip");

const contentType = (format: string): string => {
  if (/^(JSON|JSONCompact|JSONStrings|JSONColumns\w*)$/i.test(format)) {
    return "application/json; charset=UTF-8";
  }
  if (/EachRow/i.test(format)) {
    return "application/x-ndjson; charset=UTF-8";
  }
  return /^(Native|RowBinary\w*|Parquet|Arrow\w*)$/i.test(format)
    ? "application/octet-stream"
    : "text/plain; charset=UTF-8";
};

/** The statement in the body, decompressed; null when it is too long. */
const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBodyBytes) {
      return null;
    }
    chunks.push(bytes);
  }
  const raw = Buffer.concat(chunks);
  const options = { maxOutputLength: maxBodyBytes };
  switch (headerOf(request, "content-encoding")) {
    case "gzip":
      return (await promisify(gunzip)(raw, options)).toString();
    case "deflate":
      return (await promisify(inflate)(raw, options)).toString();
    default:
      return raw.toString();
  }
};

const answer = (status: number, text: string): ParsedRequest => ({
  kind: "answer",
  answer: {
    status,
    headers: {
      "Content-Type": "text/plain; charset=UTF-8",
      ...exceptionCodeOf(text),
    },
    body: Buffer.from(text),
    isGzip: false,
  },
});

const exceptionCodeOf = (text: string): Readonly<Record<string, string>> => {
  const code = /^Code: (\d+)/.exec(text)?.[1];
  return code === undefined ? {} : { "X-ClickHouse-Exception-Code": code };
};
