import type { Row } from "./frame.ts";
import type { PageModel } from "./page-model.ts";
import { isPageModel } from "./page-model.ts";
import type { TimeWindow } from "./ranges.ts";

/** An answer that could not be had: a code of the server, or `network` when no server answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a part of an answer is an object with names. */
export const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const errorOf = (status: number, body: unknown): ApiError => {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const { code, message } = error;
  return new ApiError(
    typeof code === "string" ? code : `http.${status}`,
    typeof message === "string" ? message : `The server answered with status ${status}.`,
  );
};

/** Asks the console's server; rejects with an `ApiError`. */
export const requestJson = async (path: string, init: RequestInit): Promise<unknown> => {
  const response = await fetch(path, init).catch((cause: unknown) => {
    throw new ApiError("network", "The console's server does not answer.", { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response.status, body);
  return body;
};

/** Reads from the console's server. */
export const getJson = (path: string, signal?: AbortSignal): Promise<unknown> =>
  requestJson(path, { headers: { accept: "application/json" }, signal: signal ?? null });

/** What to show: panels, their order, and how often to ask. */
export const fetchPage = async (): Promise<PageModel> => {
  const body = await getJson("/api/panels");
  if (!isPageModel(body))
    throw new ApiError("page.unreadable", "The server describes a page that this one cannot show: reload.");
  return body;
};

/** Whether what is stored can be trusted, and why. */
export interface TrustAnswer {
  readonly isTrusted: boolean;
  readonly reason: string;
}

/** Asks whether what is stored can be trusted, whatever range the page shows. */
export const fetchTrust = async (signal: AbortSignal): Promise<TrustAnswer> => {
  const body = await getJson("/api/trust", signal);
  const { trusted, reason } = isRecord(body) ? body : {};
  if (typeof trusted !== "boolean" || typeof reason !== "string")
    throw new ApiError("page.unreadable", "The answer is not understood: reload.");
  return { isTrusted: trusted, reason };
};

/** What to ask, and of which part of the traffic. */
export interface Asked {
  readonly question: string;
  readonly window: TimeWindow;
  /** Values by dimension. */
  readonly where: Readonly<Record<string, string>>;
}

/** Rows of a question. */
export const fetchRows = async ({ question, window, where }: Asked, signal: AbortSignal): Promise<readonly Row[]> => {
  const query = new URLSearchParams({
    from: String(window.fromMs),
    to: String(window.toMs),
    step: String(window.stepSeconds),
  });
  for (const [dimension, value] of Object.entries(where)) query.set(`where.${dimension}`, value);
  const body = await getJson(`/api/questions/${encodeURIComponent(question)}?${query}`, signal);
  const rows: unknown = isRecord(body) ? body["rows"] : null;
  if (!Array.isArray(rows) || !rows.every(isRecord))
    throw new ApiError("page.unreadable", "The answer has no rows: reload.");
  return rows;
};
