import type { IncomingMessage } from "node:http";
import type { EmbeddedStoreConfig } from "./config.ts";
import { accessOf, headerOf } from "./http-access.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { engineError, textAnswer } from "./http-answer.ts";
import { BodyTooLarge, bodyOf } from "./http-body.ts";
import { isInsertSetting, parseInsert } from "./insert-statement.ts";
import type { RawInsert, RawQuery, RawWrite } from "./raw-statement.ts";
import { isWrite } from "./write-sql.ts";

/** A statement to run, or an answer that needs none. */
export type ParsedRequest =
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | ParsedQuery
  | { readonly kind: "write"; readonly write: RawWrite }
  | { readonly kind: "insert"; readonly insert: RawInsert };

/** A statement that reads. */
export interface ParsedQuery {
  readonly kind: "query";
  readonly query: Omit<RawQuery, "signal">;
  /** Revision of the protocol whose Native format the client wants; 0 is the plain one. */
  readonly revision: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isGzip: boolean;
  /** Whether it waits its turn, as those of readers do. */
  readonly isOfReader: boolean;
}

/** Bytes that a statement may have. */
const maxStatementBytes = 1_048_576;

/**
 * Settings that readers may set; others are ignored, as a server ignores what a profile fixes. None that switches a feature
 * on is among them: `eval()` runs text as SQL, past every check.
 */
const isReaderSetting = (name: string): boolean =>
  /^(max_execution_time|max_result_rows|max_rows_to_read|max_threads|output_format_\w+|date_time_output_format|date_time_input_format|session_timezone|extremes|final|join_use_nulls)$/.test(
    name,
  );

const defaultFormat = "TabSeparated";

/** Reads a request of ClickHouse's HTTP protocol; what cannot be served becomes an answer. */
export const parseRequest = async (
  request: IncomingMessage,
  config: EmbeddedStoreConfig["http"],
): Promise<ParsedRequest> => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/ping" || url.pathname === "/replicas_status") {
    return answer(textAnswer(200, "Ok.\n"));
  }
  if (url.pathname !== "/" || (request.method !== "GET" && request.method !== "POST")) {
    return answer(textAnswer(404, "There is no handle here: ask with GET or POST on /\n"));
  }
  const access = accessOf(request, { url, config });
  if (access.role === "nobody") {
    return answer(access.answer);
  }
  return access.role === "writer" && request.method === "POST"
    ? await parseWriters(request, { url, maxInsertBytes: config.writer?.maxInsertBytes ?? 0 })
    : await parseStatement(request, { url, isWriter: false });
};

/** Rows of an insert are not read yet: they come while they are written to disk. */
const parseWriters = async (
  request: IncomingMessage,
  { url, maxInsertBytes }: { readonly url: URL; readonly maxInsertBytes: number },
): Promise<ParsedRequest> => {
  const insert = parseInsert(url.searchParams.get("query") ?? "");
  if (insert === null) {
    return await parseStatement(request, { url, isWriter: true });
  }
  const settings = settingsOf(url, isInsertSetting);
  return { kind: "insert", insert: { insert, body: bodyOf(request, maxInsertBytes), ...placeOf(url), settings } };
};

const parseStatement = async (
  request: IncomingMessage,
  { url, isWriter }: { readonly url: URL; readonly isWriter: boolean },
): Promise<ParsedRequest> => {
  const sql = await statementOf(request, url);
  if (sql === null) {
    const text = `a statement may have ${maxStatementBytes} bytes`;
    return answer(engineError(413, { code: 241, name: "MEMORY_LIMIT_EXCEEDED", text }));
  }
  if (sql === "") {
    return answer(textAnswer(200, "Ok.\n"));
  }
  if (isWriter && isWrite(sql)) {
    return { kind: "write", write: { sql, ...placeOf(url), settings: settingsOf(url, isInsertSetting) } };
  }
  if (url.searchParams.get("compress") === "1") {
    const text = "compress=1 is not served here: use gzip, or no compression";
    return answer(engineError(501, { code: 48, name: "NOT_IMPLEMENTED", text }));
  }
  return queryOf(request, { url, sql, isOfReader: !isWriter });
};

const answer = (given: HttpAnswer): ParsedRequest => ({ kind: "answer", answer: given });

/** The whole statement, from the address and from the body; null when it is too long. */
const statementOf = async (request: IncomingMessage, url: URL): Promise<string | null> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of bodyOf(request, maxStatementBytes)) {
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      return null;
    }
    throw error;
  }
  return [url.searchParams.get("query") ?? "", Buffer.concat(chunks).toString()]
    .filter((part) => part !== "")
    .join("\n")
    .trim()
    .replace(/;\s*$/, "");
};

/** The database that a client names; `default`, which clients name without being asked, is the store's own. */
const placeOf = (url: URL): { readonly database: string | null } => {
  const database = url.searchParams.get("database") ?? "default";
  return { database: database === "default" || !/^\w+$/.test(database) ? null : database };
};

const settingsOf = (url: URL, isAllowed: (name: string) => boolean): Readonly<Record<string, string>> =>
  Object.fromEntries([...url.searchParams].filter(([name]) => isAllowed(name)));

const queryOf = (
  request: IncomingMessage,
  asked: { readonly url: URL; readonly sql: string; readonly isOfReader: boolean },
): ParsedQuery => {
  const { url, sql, isOfReader } = asked;
  const parameters = [...url.searchParams]
    .filter(([name]) => /^param_\w+$/.test(name))
    .map(([name, value]) => [name.slice("param_".length), value] as const);
  const named = /\bFORMAT\s+(\w+)\s*$/i.exec(sql)?.[1];
  const format = url.searchParams.get("default_format") ?? headerOf(request, "x-clickhouse-format") ?? defaultFormat;
  return {
    kind: "query",
    revision: (named ?? format) === "Native" ? Number(url.searchParams.get("client_protocol_version") ?? 0) || 0 : 0,
    query: {
      sql,
      ...placeOf(url),
      format: /^\w+$/.test(format) ? format : defaultFormat,
      parameters: Object.fromEntries(parameters),
      settings: settingsOf(url, isReaderSetting),
    },
    headers: { "Content-Type": contentType(named ?? format), "X-ClickHouse-Format": named ?? format },
    isGzip: wantsGzip(request, url),
    isOfReader,
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
