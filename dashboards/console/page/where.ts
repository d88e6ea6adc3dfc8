import type { PageFilter } from "../../page.ts";
import type { Row } from "./frame.ts";

/** Values chosen, by dimension; a dimension of which all values are wanted is not in it. */
export type Where = Readonly<Record<string, string>>;

/** The filters that stand in a URL. */
export const filtersInUrl = (filters: readonly PageFilter[], query: URLSearchParams): Where =>
  Object.fromEntries(
    filters.flatMap(({ dimension }) => {
      const value = query.get(dimension);
      return value === null || value === "" ? [] : [[dimension, value]];
    }),
  );

/** The part of a choice that a question can heed, without the dimension of which all values are wanted. */
export const whereFor = (where: Where, dimensions: readonly string[], except?: string): Where =>
  Object.fromEntries(Object.entries(where).filter(([name]) => name !== except && dimensions.includes(name)));

/** The names an answer has for a dimension, in order, with the chosen one even where it has no row. */
export const valuesOf = (rows: readonly Row[], dimension: string, chosen: string | undefined): readonly string[] => {
  const names = rows.map((row) => row[dimension]).filter((name) => typeof name === "string" && name !== "");
  return [...new Set([...names.map(String), ...(chosen === undefined ? [] : [chosen])])].sort();
};
