import type { PageFilter } from "../../page.ts";
import type { Range } from "./ranges.ts";
import { rangeById } from "./ranges.ts";
import type { Where } from "./where.ts";
import { filtersInUrl } from "./where.ts";

/** What part of the traffic the page shows. */
export interface Selection {
  readonly range: Range;
  readonly where: Where;
}

/** The selection that stands in the address of the page. */
export const selectionInUrl = (filters: readonly PageFilter[], url: URL): Selection => ({
  range: rangeById(url.searchParams.get("range")),
  where: filtersInUrl(filters, url.searchParams),
});

/** The address of the page with another selection. */
export const urlOf = ({ range, where }: Selection, filters: readonly PageFilter[], url: URL): URL => {
  const next = new URL(url);
  next.searchParams.set("range", range.id);
  for (const { dimension } of filters) {
    const value = where[dimension];
    if (value === undefined) next.searchParams.delete(dimension);
    else next.searchParams.set(dimension, value);
  }
  return next;
};
