import type { Refusal } from "./read-only-sql.ts";
import type { SqlToken } from "./sql-tokens.ts";
import { AmbiguousSql, sqlTokens } from "./sql-tokens.ts";

/** Whether a statement is one of those that only a writer may run. */
export const isWrite = (sql: string): boolean => /^\s*(?:INSERT|CREATE|ALTER)\b/i.test(sql);

/**
 * Why a writer may not run a statement, or null when he may. A writer fills and changes tables of the database; nothing he says
 * may read or write another place: no file, no address, no disk, no engine but those that keep their rows here.
 */
export const refuseUnlessWrite = (sql: string, tableFunctions: ReadonlySet<string>): Refusal | null => {
  try {
    return refusalOf(sqlTokens(sql), tableFunctions);
  } catch (error) {
    if (error instanceof AmbiguousSql) {
      return { code: 62, reason: error.message };
    }
    throw error;
  }
};

const accessDenied = 497;

const beginnings: readonly (readonly string[])[] = [
  ["INSERT", "INTO"],
  ["CREATE", "TABLE"],
  ["CREATE", "MATERIALIZED", "VIEW"],
  ["ALTER", "TABLE"],
];

/** Engines that keep their rows in the store's own folder. */
const engines: ReadonlySet<string> = new Set([
  "MergeTree",
  "ReplacingMergeTree",
  "SummingMergeTree",
  "AggregatingMergeTree",
]);

/** Words that take rows from, or bring them to, another place. */
const outsideWords: ReadonlySet<string> = new Set([
  ...["INFILE", "OUTFILE", "ATTACH", "FETCH", "FREEZE", "UNFREEZE", "EXPORT", "DISK", "VOLUME", "FUNCTION"],
  ...["STORAGE_POLICY", "FILE", "CATBOOSTEVALUATE"],
]);

const refusalOf = (tokens: readonly SqlToken[], tableFunctions: ReadonlySet<string>): Refusal | null => {
  const words = tokens.map(wordOf);
  const last = tokens.at(-1);
  const inner = last !== undefined && isSymbol(last, ";") ? tokens.slice(0, -1) : tokens;
  if (inner.some((token) => isSymbol(token, ";"))) {
    return { code: 62, reason: "Multi-statements are not allowed" };
  }
  if (!beginnings.some((beginning) => beginning.every((word, index) => words[index] === word))) {
    return { code: accessDenied, reason: "a writer may insert, create and alter tables, and nothing else" };
  }
  const hazard = tokens
    .map((token, at) => hazardOf(token, { at, tokens, tableFunctions }))
    .find((found) => found !== null);
  return hazard === undefined ? null : { code: accessDenied, reason: `${hazard} is not allowed to a writer` };
};

interface Place {
  readonly at: number;
  readonly tokens: readonly SqlToken[];
  readonly tableFunctions: ReadonlySet<string>;
}

/** What makes a token reach outside; null when nothing does. */
const hazardOf = (token: SqlToken, { at, tokens, tableFunctions }: Place): string | null => {
  const before = wordOf(tokens[at - 1]);
  if (token.kind === "text") {
    return ["FROM", "JOIN", "TABLE", "INTO", "IN"].includes(before) ? "a file in the place of a table" : null;
  }
  if (token.kind === "other") {
    return null;
  }
  if (token.kind === "quoted" && !/^(?:\w+|[A-Z]\w*\.[A-Z]\w*)$/.test(token.value)) {
    return "a name with a path in it";
  }
  if (outsideWords.has(token.value.toUpperCase()) || /^format_schema/i.test(token.value)) {
    return token.value;
  }
  if (before === "ENGINE" || (wordOf(tokens[at - 2]) === "ENGINE" && isSymbol(tokens[at - 1], "="))) {
    return engines.has(token.value) ? null : `the engine ${token.value}`;
  }
  return isSymbol(tokens[at + 1], "(") && tableFunctions.has(token.value.toLowerCase())
    ? `the table function ${token.value}`
    : null;
};

const wordOf = (token: SqlToken | undefined): string => (token?.kind === "word" ? token.value.toUpperCase() : "");

const isSymbol = (token: SqlToken | undefined, symbol: string): boolean =>
  token?.kind === "other" && token.value === symbol;
