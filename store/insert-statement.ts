import type { SqlToken } from "./sql-tokens.ts";
import { AmbiguousSql, sqlTokens } from "./sql-tokens.ts";

/** An `INSERT ... FORMAT ...` whose rows come apart from it. */
export interface InsertStatement {
  /** Table, with its database where it has one, and columns, as SQL. */
  readonly target: string;
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly format: string;
}

/** Settings that a writer may give an insert; none of them reads a file, and the answer always means that rows are stored. */
export const isInsertSetting = (name: string): boolean =>
  /^(insert_deduplicat\w+|deduplicate_blocks_in_dependent_materialized_views|input_format_\w+|date_time_input_format|max_insert_block_size|min_insert_block_size_\w+|max_partitions_per_insert_block|materialize_\w+_on_insert|optimize_on_insert|log_comment)$/.test(
    name,
  );

/** Reads an insert whose rows come apart from it; null for every other statement, and for one with settings that are not served. */
export const parseInsert = (sql: string): InsertStatement | null => {
  const tokens = tokensOf(sql);
  if (wordAt(tokens, 0) !== "INSERT" || wordAt(tokens, 1) !== "INTO") {
    return null;
  }
  const formatAt = tokens.length - 2;
  const format = tokens.at(-1);
  if (wordAt(tokens, formatAt) !== "FORMAT" || format?.kind !== "word") {
    return null;
  }
  const settingsAt = tokens.findIndex((_, index) => wordAt(tokens, index) === "SETTINGS");
  const targetEnd = settingsAt === -1 ? formatAt : settingsAt;
  const target = targetOf(tokens.slice(wordAt(tokens, 2) === "TABLE" ? 3 : 2, targetEnd));
  const settings = settingsAt === -1 ? [] : settingsOf(tokens.slice(settingsAt + 1, formatAt));
  return target === null || settings === null ? null : { target, settings, format: format.value };
};

/** The statement with its rows in a file of this machine. */
export const insertFromFile = ({ target, settings, format }: InsertStatement, path: string): string => {
  const given = settings.map(({ name, value }) => `${name} = ${value}`).join(", ");
  return `INSERT INTO ${target} FROM INFILE '${path}' ${given === "" ? "" : `SETTINGS ${given} `}FORMAT ${format}`;
};

const tokensOf = (sql: string): readonly SqlToken[] => {
  try {
    return sqlTokens(sql);
  } catch (error) {
    if (error instanceof AmbiguousSql) {
      return [];
    }
    throw error;
  }
};

const wordAt = (tokens: readonly SqlToken[], index: number): string => {
  const token = tokens[index];
  return token?.kind === "word" ? token.value.toUpperCase() : "";
};

/** A name, perhaps with a database in front, and perhaps columns in brackets: nothing that could be a function. */
const targetOf = (tokens: readonly SqlToken[]): string | null => {
  const pieces = tokens.map((token) => (token.kind === "quoted" ? `\`${token.value}\`` : token.value));
  const isPlain = tokens.every(
    ({ kind, value }) =>
      kind === "word" || (kind === "quoted" && /^[\w.]+$/.test(value)) || (kind === "other" && /^[.,()]$/.test(value)),
  );
  const text = isPlain ? pieces.join(" ") : "";
  const name = "(?:\\w+|`[\\w.]+`)(?: \\. (?:\\w+|`[\\w.]+`))?";
  return new RegExp(`^${name}(?: \\( ${name}(?: , ${name})* \\))?$`).test(text) ? text : null;
};

const settingsOf = (tokens: readonly SqlToken[]): InsertStatement["settings"] | null => {
  const settings: { name: string; value: string }[] = [];
  for (let at = 0; at < tokens.length; at += 4) {
    const [name, equals, value, comma] = tokens.slice(at, at + 4);
    const isWhole = name?.kind === "word" && isSymbol(equals, "=") && (comma === undefined || isSymbol(comma, ","));
    if (!isWhole || (value?.kind !== "word" && value?.kind !== "text")) {
      return null;
    }
    const isHarmless = isInsertSetting(name.value) || (name.value === "async_insert" && value.value === "0");
    if (!isHarmless) {
      return null;
    }
    settings.push({ name: name.value, value: value.kind === "text" ? `'${value.value}'` : value.value });
  }
  return settings;
};

const isSymbol = (token: SqlToken | undefined, symbol: string): boolean =>
  token?.kind === "other" && token.value === symbol;
