import type { PageFilter, PageRow } from "../../page.ts";

/** A command to try when there is no data yet. */
export interface TryNext {
  /** What it does, in a few words. */
  readonly title: string;
  readonly command: string;
}

/** Everything the page needs to know before it asks its first question. */
export interface PageModel {
  readonly title: string;
  readonly refreshSeconds: number;
  readonly rows: readonly PageRow[];
  readonly filters: readonly PageFilter[];
  /** The dimensions of each question; a filter reaches only the questions that have its dimension. */
  readonly dimensions: Readonly<Record<string, readonly string[]>>;
  /** The page shows how to begin when this column of the first row of the answer is 0 or missing. */
  readonly emptyWhen: { readonly question: string; readonly column: string };
  readonly tryNext: readonly TryNext[];
}

/** Whether a body of `/api/panels` is a page model; page and server are of one version, so its outline is enough. */
export const isPageModel = (value: unknown): value is PageModel =>
  typeof value === "object" &&
  value !== null &&
  "title" in value &&
  typeof value.title === "string" &&
  "refreshSeconds" in value &&
  typeof value.refreshSeconds === "number" &&
  "rows" in value &&
  Array.isArray(value.rows) &&
  "emptyWhen" in value &&
  "filters" in value &&
  Array.isArray(value.filters) &&
  "dimensions" in value &&
  "tryNext" in value &&
  Array.isArray(value.tryNext);
