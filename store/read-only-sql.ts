import type { SqlToken } from "./sql-tokens.ts";
import { AmbiguousSql, sqlTokens } from "./sql-tokens.ts";

/** Why a statement of a reader is refused; `code` is the number ClickHouse would give. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/**
 * Why a statement may not be run for a reader, or null when it may. The embedded engine's `readonly = 1` is not enough: it
 * still reads files through `file()` and `DESCRIBE`, writes them by `INTO OUTFILE`, kills queries, stops merges, and runs
 * several statements in one text (measured with chdb 3.4). It refuses every other way out, so it has to stay on as well.
 */
export const refuseUnlessReadOnly = (sql: string): Refusal | null => {
  try {
    return refusalOf(withoutLastSemicolon(sqlTokens(sql)));
  } catch (error) {
    if (error instanceof AmbiguousSql) {
      return { code: syntaxError, reason: error.message };
    }
    throw error;
  }
};

const syntaxError = 62;
const readOnly = 164;

const firstWords: ReadonlySet<string> = new Set([
  "SELECT",
  "WITH",
  "FROM",
  "SHOW",
  "DESCRIBE",
  "DESC",
  "EXPLAIN",
  "EXISTS",
]);

/** Statements in which a name with a path in it makes the engine look at that file. */
const lookups: ReadonlySet<string> = new Set(["SHOW", "DESCRIBE", "DESC", "EXISTS"]);

/** Functions that leave the database, by whatever spelling: APPLY and lambdas name a function without a bracket behind it. */
const outsideFunctions: ReadonlySet<string> = new Set(["file", "catboostevaluate"]);

const refusalOf = (tokens: readonly SqlToken[]): Refusal | null => {
  if (tokens.length === 0) {
    return { code: syntaxError, reason: "Empty query" };
  }
  if (tokens.some((token) => isSymbol(token, ";"))) {
    return { code: syntaxError, reason: "Multi-statements are not allowed" };
  }
  const first = upperOf(tokens.find((token) => !isSymbol(token, "(")));
  if (!firstWords.has(first)) {
    return { code: readOnly, reason: `Cannot execute ${first === "" ? "this query" : first} in readonly mode` };
  }
  const hazard = tokens.map((token) => hazardOf(token, first)).find((found) => found !== null) ?? describedCall(tokens);
  return hazard === null ? null : { code: readOnly, reason: `${hazard} is not allowed in readonly mode` };
};

/** What makes a token dangerous in a statement that starts with `first`; null when nothing does. */
const hazardOf = (token: SqlToken, first: string): string | null => {
  if (upperOf(token) === "OUTFILE") {
    return "INTO OUTFILE";
  }
  if ((token.kind === "word" || token.kind === "quoted") && outsideFunctions.has(token.value.toLowerCase())) {
    return `The name ${token.value}, of a function that leaves the database,`;
  }
  if (token.kind === "quoted" && lookups.has(first) && /[^A-Za-z0-9_$ -]/.test(token.value)) {
    return `${first} of a path`;
  }
  return null;
};

/** `DESCRIBE url(...)` reaches out for the structure of what it names, with no check at all. */
const describedCall = (tokens: readonly SqlToken[]): string | null => {
  const [first, second, third, fourth] = tokens;
  const isDescribe = ["DESCRIBE", "DESC"].includes(upperOf(first));
  const [name, next] = upperOf(second) === "TABLE" ? [third, fourth] : [second, third];
  const isCall = name !== undefined && name.kind !== "other" && next !== undefined && isSymbol(next, "(");
  return isDescribe && isCall ? "DESCRIBE of a table function" : null;
};

const isSymbol = (token: SqlToken, symbol: string): boolean => token.kind === "other" && token.value === symbol;

const upperOf = (token: SqlToken | undefined): string => (token?.kind === "word" ? token.value.toUpperCase() : "");

const withoutLastSemicolon = (tokens: readonly SqlToken[]): readonly SqlToken[] => {
  const last = tokens.at(-1);
  return last !== undefined && isSymbol(last, ";") ? tokens.slice(0, -1) : tokens;
};
